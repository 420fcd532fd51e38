import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { type Ended, runNode } from "../../support/child-process.js";
import { childEnvironment, type Environment } from "../../support/command-line.js";
import { orSkip } from "../../support/or-skip.js";
import { installExamples } from "./installation.js";

/** One of the examples, for one suite: before its first test it is installed and compiled as its `tsconfig.json` says. */
export function example(name: string): Example {
  before(
    orSkip(async () => {
      await installExamples();
      const { code, stdout } = await runNode(["node_modules/typescript/bin/tsc", "-p", join("examples", name)]);
      if (code !== 0) throw new Error(`examples/${name} does not compile:\n${stdout}`);
    }),
  );
  return new Example(name);
}

/** An example as its reader runs it. */
export class Example {
  constructor(readonly name: string) {}

  /** Its own command: `npm start`. */
  start(environment: Environment): ExampleProcess {
    return new ExampleProcess(this.name, "npm", ["start", "--silent"], environment);
  }

  /** What that command runs, without compiling it again. */
  startCompiled(file: string, environment: Environment): ExampleProcess {
    return new ExampleProcess(this.name, process.execPath, [join("build", file)], environment);
  }
}

export class ExampleProcess {
  /** Resolves when the process is gone and everything that it wrote is read. */
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #written = { stdout: "", stderr: "" };

  constructor(name: string, program: string, args: readonly string[], environment: Environment) {
    this.#child = spawn(program, args, {
      cwd: join("examples", name),
      env: childEnvironment({ npm_config_update_notifier: "false", ...environment }),
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // A group of its own: npm starts a shell, and that the program.
    });
    for (const stream of ["stdout", "stderr"] as const) {
      this.#child[stream].setEncoding("utf8").on("data", (chunk: string) => (this.#written[stream] += chunk));
    }
    this.ended = once(this.#child, "close").then(() => ({ code: this.#child.exitCode, ...this.#written }));
  }

  /** What it has written to standard error so far. */
  get stderr(): string {
    return this.#written.stderr;
  }

  /** Waits until it has written something that matches to standard output. Answers the first group. */
  async until(pattern: RegExp): Promise<string> {
    const hasEnded = this.ended.then(() => true);
    for (;;) {
      const found = pattern.exec(this.#written.stdout)?.[1];
      if (found !== undefined) return found;
      const ended = await Promise.race([hasEnded, once(this.#child.stdout, "data").then(() => false)]);
      if (ended && !pattern.test(this.#written.stdout)) throw new Error(`it ended: ${this.#written.stderr}`);
    }
  }

  /** As Ctrl+C and process managers do it: npm passes the signal on. */
  stop(): void {
    this.#child.kill("SIGTERM");
  }

  /** Makes sure that nothing is left of it, whatever became of the test. */
  async kill(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    process.kill(-pid, "SIGKILL");
    await this.ended;
  }
}
