import { execFileSync, type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { dyingWithParent } from "./database-server.js";
import { freePort } from "./free-port.js";
import type { GaleraFiles } from "./galera-packages.js";
import { until } from "./until.js";

/** Milliseconds that a node may take to join: it may need a copy of all data. */
const JOIN_LIMIT = 90_000;

/** Where a node is spoken to: by clients, by other nodes, and for the two kinds of copies. */
export interface GaleraPorts {
  readonly client: number;
  readonly group: number;
  readonly increments: number;
  readonly copy: number;
}

export async function galeraPorts(): Promise<GaleraPorts> {
  return { client: await freePort(), group: await freePort(), increments: await freePort(), copy: await freePort() };
}

/** One node of a Galera cluster on 127.0.0.1, with a data directory of its own. It dies with this process. */
export class GaleraNode {
  readonly #directory = mkdtempSync(join(tmpdir(), "janus-galera-"));
  readonly #cleanUp = () => this.#removeNow();
  #process: ChildProcess | undefined;

  /** @param group the ports at which the nodes speak to each other */
  constructor(
    private readonly files: GaleraFiles,
    private readonly ports: GaleraPorts,
    private readonly group: readonly number[],
  ) {
    // A database is a directory; without this one a node does not start, and grant tables it needs not.
    mkdirSync(join(this.#directory, "data", "mysql"), { recursive: true });
    mkdirSync(join(this.#directory, "temporary"));
    if (runsAsRoot()) execFileSync("chown", ["-R", "mysql:mysql", this.#directory]);
    process.once("exit", this.#cleanUp);
  }

  get port(): number {
    return this.ports.client;
  }

  /** Starts the node and waits until it takes part. @param isFirst whether it begins a new cluster */
  async start({ isFirst = false } = {}): Promise<void> {
    const log = openSync(join(this.#directory, "log"), "a");
    const command: [string, ...string[]] = [
      this.files.mariadbd,
      ...this.#arguments(),
      ...(isFirst ? ["--wsrep-new-cluster"] : []),
    ];
    // As root the copies between nodes fail. Were it mariadbd that changed the user, it would outlive this process.
    const asMysql = runsAsRoot() ? ["--reuid=mysql", "--regid=mysql", "--init-groups"] : [];
    const [program, ...args] = await dyingWithParent(command, asMysql);
    this.#process = spawn(program, args, { stdio: ["ignore", log, log], cwd: this.#directory });
    this.#process.unref();
    closeSync(log);
    await until(() => this.#isSynced(), JOIN_LIMIT);
  }

  /** Ends the node at once. */
  async kill(): Promise<void> {
    if (!this.#isRunning()) return;
    this.#process?.ref();
    const ended = once(this.#process as ChildProcess, "exit");
    this.#process?.kill("SIGKILL");
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    this.#removeNow();
  }

  async #isSynced(): Promise<boolean> {
    if (!this.#isRunning()) throw new Error(`the node ended:\n${this.#log()}`);
    const connection = await createConnection({
      host: "127.0.0.1",
      port: this.port,
      user: "root",
      connectTimeout: 2000,
    });
    try {
      const [rows] = await connection.query<RowDataPacket[]>("SHOW STATUS LIKE 'wsrep_local_state_comment'");
      return rows[0]?.["Value"] === "Synced";
    } finally {
      connection.destroy();
    }
  }

  #arguments(): string[] {
    const { client, group, increments, copy } = this.ports;
    const file = (name: string) => join(this.#directory, name);
    return [
      "--no-defaults",
      `--datadir=${file("data")}`,
      `--tmpdir=${file("temporary")}`,
      `--socket=${file("socket")}`,
      `--pid-file=${file("pid")}`,
      `--port=${client}`,
      "--bind-address=127.0.0.1",
      "--skip-grant-tables",
      "--skip-name-resolve",
      "--performance-schema=OFF",
      "--innodb-buffer-pool-size=32M",
      "--innodb-log-file-size=8M",
      "--innodb-flush-log-at-trx-commit=0", // What one node loses, the others have.
      "--innodb-doublewrite=0",
      "--binlog-format=ROW",
      "--innodb-autoinc-lock-mode=2",
      "--wsrep-on=ON",
      `--wsrep-provider=${this.files.library}`,
      "--wsrep-node-address=127.0.0.1",
      `--wsrep-cluster-address=gcomm://${this.group.map((port) => `127.0.0.1:${port}`).join(",")}`,
      `--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:${group};ist.recv_addr=127.0.0.1:${increments};gcache.size=16M`,
      "--wsrep-sst-method=rsync",
      `--wsrep-sst-receive-address=127.0.0.1:${copy}`,
    ];
  }

  #isRunning(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  #log(): string {
    return readFileSync(join(this.#directory, "log"), "utf8").trimEnd().split("\n").slice(-15).join("\n");
  }

  #removeNow(): void {
    process.removeListener("exit", this.#cleanUp);
    if (this.#isRunning()) this.#process?.kill("SIGKILL");
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

function runsAsRoot(): boolean {
  return process.getuid?.() === 0;
}
