import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { basename, join } from "node:path";
import { dyingWithParent } from "../../test/support/database-server.js";
import { type Cores, pin } from "./cores.js";

/** How long a process may take until it is ready, milliseconds. */
const START_LIMIT = 60_000;
/** How long it may take to stop, milliseconds. */
const STOP_LIMIT = 10_000;
/** Characters of its standard error that are kept for the message about its failure. */
const KEPT_ERRORS = 4_000;

/** What to start. */
export interface Program {
  /** The file and its arguments, for Node. */
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Held to this core; without one, to none. */
  readonly core?: number | undefined;
  /** What it writes to standard output once it can be used. Its first group is the process's address. */
  readonly ready: RegExp;
  /** Whether it speaks with this process over a channel of Node's. */
  readonly channel?: boolean;
  /** The directory that its CPU profile is written to when it stops. */
  readonly cpuProfiles?: string;
}

/** A process that was started for a measurement. It dies with this one. */
export class Child {
  #output = "";
  #errors = "";
  /** Rejects when it ends: nobody ends it but `stop`. */
  readonly #ended: Promise<never>;

  private constructor(
    readonly process: ChildProcess,
    private readonly program: Program,
  ) {
    this.#ended = once(process, "exit").then(() => {
      throw new Error(`${this.#name} ended with ${process.exitCode ?? process.signalCode}:\n${this.#errors}`);
    });
    this.#ended.catch(() => undefined); // Those who wait for something else are told.
    process.stdout?.setEncoding("utf8").on("data", (text: string) => (this.#output += text));
    process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#errors = (this.#errors + text).slice(-KEPT_ERRORS);
    });
  }

  /**
   * Starts a program, and waits until it is ready.
   *
   * @throws Error with what it wrote to standard error, if it ends or stays silent before
   */
  static async start(program: Program, cores: Cores): Promise<Child> {
    const node = [process.execPath, ...profiling(program), ...program.arguments];
    const pinned = program.core === undefined ? node : pin(node, program.core, cores);
    const [command, ...args] = await dyingWithParent(pinned as [string, ...string[]]);
    const child = new Child(
      spawn(command, args, {
        env: { ...inherited(), NODE_ENV: "production", ...program.environment },
        stdio: ["ignore", "pipe", "pipe", ...(program.channel ? ["ipc" as const] : [])],
      }),
      program,
    );
    running.add(child);
    try {
      await child.#untilReady();
      return child;
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  get pid(): number {
    const { pid } = this.process;
    if (pid === undefined) throw new Error(`${this.#name} did not start`);
    return pid;
  }

  /** Where it listens. */
  get address(): string {
    return this.program.ready.exec(this.#output)?.[1] ?? "";
  }

  /** Sends a message, and waits for the answer. One at a time. */
  async ask<Answer>(message: object): Promise<Answer> {
    this.process.send(message);
    const answer = once(this.process, "message").then(([value]) => value as Answer);
    return Promise.race([answer, this.#ended]);
  }

  /** Ends it: at once, unless it has a profile to write. */
  async stop(): Promise<void> {
    running.delete(this);
    if (!this.#isRunning() || this.process.pid === undefined) return;
    const ended = once(this.process, "exit");
    this.process.kill(this.program.cpuProfiles === undefined ? "SIGKILL" : "SIGTERM");
    const timer = setTimeout(() => this.process.kill("SIGKILL"), STOP_LIMIT);
    await ended;
    clearTimeout(timer);
  }

  get #name(): string {
    return this.program.arguments.join(" ");
  }

  #isRunning(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  async #untilReady(): Promise<void> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), START_LIMIT);
    try {
      while (!this.program.ready.test(this.#output)) {
        const written = once(this.process.stdout ?? this.process, "data", { signal: limit.signal });
        await Promise.race([written, this.#ended]);
      }
    } finally {
      clearTimeout(timer);
      limit.abort();
    }
  }
}

function profiling({ cpuProfiles, arguments: [program = ""] }: Program): string[] {
  if (cpuProfiles === undefined) return [];
  return ["--cpu-prof", `--cpu-prof-dir=${join(cpuProfiles, basename(program, ".js"))}`];
}

/** Those that nobody has stopped yet. */
const running = new Set<Child>();

/** Ends whatever a measurement that failed has left behind. */
export async function stopChildren(): Promise<void> {
  await Promise.all(Array.from(running, (child) => child.stop()));
}

/** This process's environment without what would change a server's settings. */
function inherited(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && /^(PATH|HOME|LANG|TMPDIR|TZ)$/.test(entry[0]),
  );
  return Object.fromEntries(entries);
}
