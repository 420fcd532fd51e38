import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DatabaseServer } from "../test/support/database-server.js";
import { LoadGenerator } from "./load/load-generator.js";
import type { Amount } from "./load/plan.js";
import type { BenchOptions } from "./options.js";
import { Child, type Program, stopChildren } from "./processes/child.js";
import { chooseCores, type Cores } from "./processes/cores.js";
import { createDatabase } from "./databases.js";
import { READY } from "./servers/serve.js";

/**
 * Memory of the database for pages, so that ten million sessions do not measure the disk alone; and for the making of them:
 * a log that does not fill up every second, and room to sort indexes in.
 */
const DATABASE = [
  "--innodb-buffer-pool-size=2G",
  "--loose-innodb-log-file-size=1G", // MariaDB
  "--loose-innodb-redo-log-capacity=1G", // MySQL
  "--innodb-sort-buffer-size=64M",
  "--max-connections=1000", // All contenders of a round have theirs.
];

/** Compiled contenders, and whether they are there. They are installed apart from the project. */
const CONTENDERS = "bench/contenders/build";
export const hasContenders = (): boolean =>
  existsSync("bench/contenders/node_modules") && existsSync(join(CONTENDERS, "apollo.js"));

/** What scenarios are measured with. Whatever it has started ends with `stop`. */
export class Bench {
  readonly cores: Cores = chooseCores();
  readonly directory = mkdtempSync(join(tmpdir(), "janus-bench-"));
  readonly #cleanUp = () => rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  #load: Promise<LoadGenerator> | undefined;
  #database: Promise<DatabaseServer> | undefined;
  #databases = 0;

  /** @param progress is told what is going on, a line at a time */
  constructor(
    readonly options: BenchOptions,
    readonly progress: (line: string) => void,
  ) {
    process.once("exit", this.#cleanUp);
  }

  /** How much one measurement sends. */
  get amount(): Amount {
    const { seconds, requests, connections } = this.options;
    return { time: seconds * 1000, requests, connections };
  }

  /** The one load generator of this run. */
  load(): Promise<LoadGenerator> {
    return (this.#load ??= LoadGenerator.start(this.cores));
  }

  /** Starts a program of this folder on the servers' core. @param name such as `servers/floor` */
  start(name: string, options: object = {}, program: Partial<Program> = {}): Promise<Child> {
    const file = fileURLToPath(new URL(`${name}.js`, import.meta.url));
    return this.run({ arguments: [file, JSON.stringify(options)], ready: READY, ...program });
  }

  /** Starts a contender that is installed apart. */
  startContender(name: string, options: object = {}, program: Partial<Program> = {}): Promise<Child> {
    const file = join(CONTENDERS, `${name}.js`);
    return this.run({ arguments: [file, JSON.stringify(options)], ready: READY, ...program });
  }

  /** Starts a program, by default on the servers' core. */
  run(program: Program): Promise<Child> {
    const { cpuProfiles } = this.options;
    return Child.start({ core: this.cores.server, ...program, ...(cpuProfiles && { cpuProfiles }) }, this.cores);
  }

  /**
   * The URL of a new, empty database on a server of this run's own.
   *
   * @throws DatabaseUnavailableError where no server program can be had
   */
  async newDatabase(): Promise<string> {
    this.#database ??= DatabaseServer.start({ arguments: DATABASE });
    const server = await this.#database;
    const name = `bench_${(this.#databases += 1)}`;
    await createDatabase(server.port, name);
    return `${server.url}/${name}`;
  }

  /** Ends every process, and deletes what they wrote. */
  async stop(): Promise<void> {
    await stopChildren();
    this.#load = undefined;
    const database = await this.#database?.catch(() => undefined);
    this.#database = undefined;
    await database?.remove();
    process.removeListener("exit", this.#cleanUp);
    this.#cleanUp();
  }
}
