import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import type { Ended } from "./child-process.js";
import { childEnvironment, type Environment, MAIN } from "./command-line.js";

/** Those that have not ended yet. */
const running = new Set<ServerProcess>();

/** Ends what a test that ran out of time has left behind: it would hold the whole run. */
export async function killServerProcesses(): Promise<void> {
  await Promise.all(Array.from(running, (server) => server.kill()));
}

/** `janus-auth serve` in a process of its own. */
export class ServerProcess {
  /** Resolves when the process is gone and everything that it wrote is read. */
  readonly ended: Promise<Ended & { readonly signal: NodeJS.Signals | null }>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #written = { stdout: "", stderr: "" };

  constructor(environment: Environment) {
    const env = childEnvironment({ PORT: "0", ...environment });
    this.#child = spawn(process.execPath, [MAIN, "serve"], { env, stdio: ["ignore", "pipe", "pipe"] });
    for (const name of ["stdout", "stderr"] as const) {
      this.#child[name].setEncoding("utf8").on("data", (chunk: string) => (this.#written[name] += chunk));
    }
    running.add(this);
    this.ended = once(this.#child, "close").then(() => {
      running.delete(this);
      const { exitCode: code, signalCode: signal } = this.#child;
      return { code, signal, ...this.#written };
    });
  }

  /** Starts one, and waits until it serves. */
  static async start(environment: Environment): Promise<ServerProcess> {
    const server = new ServerProcess(environment);
    await server.until("stdout", /^Janus is ready/);
    return server;
  }

  /** What it has written to standard output. */
  get stdout(): string {
    return this.#written.stdout;
  }

  /** Where it serves. */
  get url(): string {
    const url = /GraphQL +(\S+)\/graphql/.exec(this.#written.stdout)?.[1];
    if (url === undefined) throw new Error(`there is no URL in ${this.#written.stdout}`);
    return url;
  }

  /** Waits until it has written something that matches. */
  async until(stream: "stdout" | "stderr", pattern: RegExp): Promise<void> {
    const hasEnded = this.ended.then(() => true);
    while (!pattern.test(this.#written[stream])) {
      const ended = await Promise.race([hasEnded, once(this.#child[stream], "data").then(() => false)]);
      if (ended && !pattern.test(this.#written[stream])) throw new Error(`it ended: ${this.#written.stderr}`);
    }
  }

  /** Closes the pipes that it writes to. */
  stopReading(): void {
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Makes sure that nothing is left of it, whatever became of the test. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.ended;
  }
}
