import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { databaseBinary, type DatabaseBinary } from "./database-binary.js";
import { INIT_SQL, initializeArguments, serverArguments, serverFiles } from "./database-arguments.js";
import { freePort } from "./free-port.js";

const run = promisify(execFile);
const START_LIMIT = 60_000; // milliseconds
const STOP_LIMIT = 20_000; // milliseconds

/** A MariaDB or MySQL server of the tests' own, on a private data directory. It dies with this process. */
export class DatabaseServer {
  /** Without a database name: `mariadb://root@127.0.0.1:PORT`, or `mysql://…` for a `mysqld` of MySQL. */
  readonly url: string;
  /** Holds everything the server writes; gone after `remove()`. */
  readonly directory = mkdtempSync(join(tmpdir(), "janus-database-"));
  readonly #binary: DatabaseBinary;
  readonly #cleanUp = () => this.#removeNow();
  #process: ChildProcess | undefined;

  private constructor(
    binary: DatabaseBinary,
    readonly port: number,
    private readonly extraArguments: readonly string[],
  ) {
    this.#binary = binary;
    this.url = `${binary.flavor}://root@127.0.0.1:${port}`;
    process.once("exit", this.#cleanUp);
  }

  /**
   * Starts a server with no databases in it and waits until it answers.
   *
   * @param options `port`: where it listens; by default a free one. `arguments`: of the server program, beside ours.
   * @throws DatabaseUnavailableError if no server program can be had here.
   */
  static async start(options: { port?: number; arguments?: readonly string[] } = {}): Promise<DatabaseServer> {
    const binary = await databaseBinary();
    const server = new DatabaseServer(binary, options.port ?? (await freePort()), options.arguments ?? []);
    try {
      await server.#initialize();
      await server.startAgain();
      // A new data directory is written out only now; before, nothing could be started again after `kill()`.
      await server.stop();
      await server.startAgain();
      return server;
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  /** Starts a stopped or killed server on the same data directory and port, and waits until it answers. */
  async startAgain(): Promise<void> {
    if (this.#isRunning()) throw new Error("the server is running already");
    const log = openSync(serverFiles(this.directory).log, "a");
    const [command, ...args] = await dyingWithParent([
      this.#binary.path,
      ...serverArguments(this.#binary.flavor, this.directory, this.port),
      ...this.extraArguments,
    ]);
    this.#process = spawn(command, args, { stdio: ["ignore", log, log] });
    this.#process.unref(); // A test run that crashes is not kept alive by its server.
    closeSync(log);
    await this.#untilItAnswers();
  }

  /** Shuts the server down in good order; clients are told. */
  async stop(): Promise<void> {
    this.thaw();
    this.#signal("SIGTERM");
    if (!(await this.#hasEnded(STOP_LIMIT))) await this.kill();
  }

  /** Ends the server at once; what was committed is kept. */
  async kill(): Promise<void> {
    this.#signal("SIGKILL");
    if (!(await this.#hasEnded(STOP_LIMIT))) throw new Error("the server survived SIGKILL");
  }

  /** The server keeps its connections and stops answering, as behind a broken network. It has stopped when this returns. */
  freeze(): void {
    this.#signal("SIGSTOP");
    while (this.#isRunning() && hasRunningThreads(this.#process?.pid)); // A thread that runs just now stops a moment later.
  }

  /** Ends `freeze`. */
  thaw(): void {
    this.#signal("SIGCONT");
  }

  /** Ends the server and deletes its data directory. */
  async remove(): Promise<void> {
    await this.kill();
    this.#removeNow();
  }

  async #initialize(): Promise<void> {
    const files = serverFiles(this.directory);
    mkdirSync(files.data);
    mkdirSync(files.temporary);
    writeFileSync(files.initSql, INIT_SQL);
    const initialization = initializeArguments(this.#binary.flavor, this.directory);
    if (initialization !== null) await run(this.#binary.path, initialization, { timeout: START_LIMIT });
  }

  #isRunning(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#isRunning()) this.#process?.kill(signal);
  }

  async #hasEnded(limit: number): Promise<boolean> {
    if (!this.#isRunning() || this.#process === undefined) return true;
    this.#process.ref();
    const ended = once(this.#process, "exit").then(() => true);
    return Promise.race([ended, delay(limit, false, { ref: false })]);
  }

  async #untilItAnswers(): Promise<void> {
    const deadline = Date.now() + START_LIMIT;
    for (;;) {
      try {
        return await ping(this.port, serverFiles(this.directory).pid);
      } catch (error) {
        if (!this.#isRunning() || Date.now() > deadline) throw this.#startFailure(error);
        await delay(20);
      }
    }
  }

  #startFailure(cause: unknown): Error {
    const log = readFileSync(serverFiles(this.directory).log, "utf8").trimEnd().split("\n").slice(-15).join("\n");
    return new Error(`${this.#binary.path} did not start:\n${log}`, { cause });
  }

  #removeNow(): void {
    process.removeListener("exit", this.#cleanUp);
    this.#signal("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Whether a process has threads that are not stopped; where that cannot be known, it has none. */
function hasRunningThreads(pid: number | undefined): boolean {
  const threads = `/proc/${pid}/task`;
  if (!existsSync(threads)) return false;
  return readdirSync(threads).some((thread) => !/\) T /.test(readFileSync(join(threads, thread, "stat"), "utf8")));
}

/** Rejects unless it is the server with this pid file that answers: another one may have taken the port. */
async function ping(port: number, pidFile: string): Promise<void> {
  const connection = await createConnection({ host: "127.0.0.1", port, user: "root", connectTimeout: 2000 });
  try {
    const [rows] = await connection.query<RowDataPacket[]>("SELECT @@pid_file AS pidFile");
    if (rows[0]?.["pidFile"] !== pidFile) throw new Error(`another server listens on port ${port}`);
  } finally {
    connection.destroy();
  }
}

/**
 * The command in a form in which the kernel ends it when this process dies, where the machine can do that.
 *
 * @param options of setpriv, for example another user
 */
export async function dyingWithParent(
  command: [string, ...string[]],
  options: readonly string[] = [],
): Promise<[string, ...string[]]> {
  const setpriv = [...options, "--pdeathsig", "KILL", "--"];
  try {
    await run("setpriv", [...setpriv, "true"]);
    return ["setpriv", ...setpriv, ...command];
  } catch {
    return command;
  }
}
