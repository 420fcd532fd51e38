import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SECRET_KEY } from "./forge.js";
import { freePort } from "./free-port.js";
import { until } from "./until.js";

const MAIN = new URL("../../src/cli/main.js", import.meta.url).pathname;

/** How long a start may take on a machine that is busy with other things, milliseconds. */
const START_LIMIT = 60_000;

/** The bundled server as an operator runs it: a process of its own, which can be killed and started again. */
export class RestartableServer {
  readonly #directory = mkdtempSync(join(tmpdir(), "janus-process-"));
  readonly #cleanUp = () => this.#removeNow();
  #process: ChildProcess | undefined;
  #output = "";

  private constructor(
    readonly url: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {
    process.once("exit", this.#cleanUp);
  }

  /** Starts a server and waits until it is ready. @param environment beside `SECRET_KEY`, `PORT` and the data folder */
  static async start(environment: Readonly<Record<string, string>>): Promise<RestartableServer> {
    const port = await freePort();
    const server = new RestartableServer(`http://127.0.0.1:${port}`, { PORT: String(port), ...environment });
    await server.startAgain();
    return server;
  }

  /** Starts a killed server again at the same address and waits until it is ready. */
  async startAgain(): Promise<void> {
    this.#output = "";
    const child = spawn(process.execPath, [MAIN, "serve"], {
      env: { PATH: process.env["PATH"], SECRET_KEY, JANUS_DATA_DIR: this.#directory, ...this.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    // One that failed to start, or that a test forgot, does not keep the tests from ending, and ends with them.
    child.unref();
    for (const stream of [child.stdout, child.stderr] as Socket[]) {
      stream.on("data", (text) => (this.#output += String(text)));
      stream.unref();
    }
    this.#process = child;
    const isReady = async (): Promise<boolean> => {
      if (!this.isRunning) throw new Error(`the server ended:\n${this.#output}`);
      return (await fetch(`${this.url}/readyz`)).ok;
    };
    await until(isReady, START_LIMIT);
  }

  get isRunning(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** What it has logged and written since its last start. */
  get output(): string {
    return this.#output;
  }

  /** Ends the process at once, wherever it is in its work. */
  async kill(): Promise<void> {
    if (!this.#process || !this.isRunning) return;
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    this.#removeNow();
  }

  #removeNow(): void {
    process.removeListener("exit", this.#cleanUp);
    this.#process?.kill("SIGKILL");
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }
}
