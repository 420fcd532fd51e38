import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { childEnvironment, janusAuth, MAIN } from "../support/command-line.js";
import { SECRET_KEY } from "../support/forge.js";
import { PASSWORD } from "../support/test-context.js";

const PROBE = fileURLToPath(new URL("./memory-probe.js", import.meta.url));

/** A user whose password the requests know. */
export const USERNAME = "fuzzed";

/** Levels of pino. */
const WARN = 40;

/** Everything on: what is off cannot break. Logins are counted, but so many are allowed that passwords are hashed. */
const ENVIRONMENT = {
  PORT: "0",
  SECRET_KEY,
  JWT_COOKIES: "true",
  JWT_ALLOW_ARGUMENT: "true",
  JWT_QUERY_BATCH_LIMIT: "3",
  JWT_LOGIN_LIMIT_PER_NAME_AND_ADDRESS: "1000000",
  JWT_LOGIN_LIMIT_PER_ADDRESS: "1000000",
  JWT_LOGIN_LIMIT_PER_NAME: "1000000",
};

/** What a process has in memory after a garbage collection, bytes. */
export interface Memory {
  readonly heapUsed: number;
  readonly rss: number;
}

/** `janus-auth serve` in a process of its own, as an operator starts it, and what its log says that it should not. */
export class FuzzedServer {
  /** Lines that are no consequence of a bad request. */
  readonly alarms: string[] = [];
  readonly #child: ChildProcess;
  #stdout = "";
  #isReady: () => void = () => {};

  private constructor(private readonly directory: string) {
    const args = ["--expose-gc", "--enable-source-maps", "--import", PROBE, MAIN, "serve"];
    this.#child = spawn(process.execPath, args, {
      env: childEnvironment({ ...ENVIRONMENT, JANUS_DATA_DIR: directory }),
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
      if (this.#stdout.includes("Profile")) this.#isReady();
    });
    if (this.#child.stderr) createInterface(this.#child.stderr).on("line", (line) => this.#look(line));
    this.#child.once("close", (code, signal) => this.alarms.push(`the server ended with ${code ?? signal}`));
  }

  /** Starts one with its own folder and one user, and waits until it serves. */
  static async start(): Promise<FuzzedServer> {
    const directory = await mkdtemp(join(tmpdir(), "janus-fuzz-"));
    const environment = { ...ENVIRONMENT, JANUS_DATA_DIR: directory };
    const create = ["create-user", USERNAME, "--superuser", "--password-stdin"];
    await janusAuth(["migrate"], { environment });
    const made = await janusAuth(create, { environment, input: PASSWORD });
    if (made.code !== 0) throw new Error(`no user could be made: ${made.stderr}`);
    const server = new FuzzedServer(directory);
    await server.#ready();
    return server;
  }

  async #ready(): Promise<void> {
    const ended = once(this.#child, "close").then(() => {
      throw new Error(this.alarms.join("\n"));
    });
    await Promise.race([ended, new Promise<void>((resolve) => (this.#isReady = resolve))]);
    ended.catch(() => {}); // It ends one day.
  }

  get url(): string {
    return /GraphQL +(\S+)\/graphql/.exec(this.#stdout)?.[1] ?? "";
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async memory(): Promise<Memory> {
    this.#child.send("memory");
    const [memory] = (await once(this.#child, "message")) as [Memory];
    return memory;
  }

  /** Stops it as an operator does. @throws Error if it does not end by itself */
  async stop(): Promise<void> {
    if (!this.hasEnded) {
      this.#child.removeAllListeners("close");
      const ended = once(this.#child, "close");
      this.#child.kill("SIGTERM");
      const [code] = (await ended) as [number | null];
      if (code !== 0) this.alarms.push(`SIGTERM ended it with ${code}`);
    }
    await rm(this.directory, { recursive: true, force: true });
  }

  /** A failed login and a replayed token are warnings that belong there: it is what the requests are. */
  #look(line: string): void {
    const { level, event } = readLine(line);
    if (level >= WARN && event !== "loginFailed" && event !== "refreshTokenReplayed") this.alarms.push(line);
  }
}

/** What is no JSON was written by Node itself, a crash for example. */
function readLine(line: string): { readonly level: number; readonly event?: string } {
  try {
    return JSON.parse(line) as { level: number };
  } catch {
    return { level: Number.POSITIVE_INFINITY };
  }
}
