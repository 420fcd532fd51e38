import { setTimeout as sleep } from "node:timers/promises";

import type { Pool, PoolConnection, PoolOptions } from "mysql2";

import { mysqlDriver } from "./mysql-driver.js";
import { limitStatements, socketOf, StatementTimeoutError } from "./silence-limit.js";

/** Milliseconds. */
const END_LIMIT = 1_000;
const PING = "SELECT 1";

/** What every connection is given before its first use, and how long things may take: milliseconds. */
export interface HostRules {
  /** Statements that a connection is not used without. */
  readonly required: readonly string[];
  /** Further statements that set a connection up; one that the server does not know is left out. */
  readonly setup: readonly string[];
  /** For a connection of the pool to become free. */
  readonly acquireTimeout: number;
  /** For a statement; undefined for as long as it takes. */
  readonly statementTimeout: number | undefined;
  /** For a host that failed, before it is looked at again. */
  readonly retryPause: number;
}

/** No connection of a pool became free in time: the database may be well, there is too much to do. */
export class PoolExhaustedError extends Error {
  readonly code = "POOL_EXHAUSTED";

  constructor(milliseconds: number) {
    super(`No connection became free within ${milliseconds} ms`);
  }
}

/** The server cannot be used just now: Galera's joining node, shutdown, and read-only while another takes over. */
const OUT_OF_SERVICE: ReadonlySet<unknown> = new Set([1047, 1053, 1290, 1836]);

/** One server of a cluster, with its connections and with what is known of its health. */
export class PooledHost {
  readonly #pool: Pool;
  readonly #rules: HostRules;
  readonly #prepared = new Set<PoolConnection>();
  /** When a host that failed is to be looked at, on the monotonic clock; null for one that is well. */
  #lookAgainAt: number | null = null;

  constructor(options: PoolOptions, rules: HostRules) {
    this.#pool = mysqlDriver().createPool(options);
    this.#rules = rules;
  }

  /**
   * Whether to ask this host before others. One that failed is looked at again now and then, in the background, so that
   * no request waits for it.
   */
  seemsWell(): boolean {
    if (this.#lookAgainAt === null) return true;
    if (performance.now() >= this.#lookAgainAt) {
      this.#failed();
      void this.#lookAgain();
    }
    return false;
  }

  /**
   * A connection that is set up and whose server is in service.
   *
   * @throws {PoolExhaustedError} and what mysql2 and the server answer
   */
  async connect(): Promise<PoolConnection> {
    const connection = await this.#acquire();
    if (!this.#prepared.has(connection)) await this.#prepare(connection);
    return connection;
  }

  /** Says good-bye to the server. One that does not listen is not waited for, nor does it keep this process alive. */
  async end(): Promise<void> {
    const patience = sleep(END_LIMIT, undefined, { ref: false });
    await Promise.race([this.#pool.promise().end(), patience]);
    for (const connection of this.#prepared) socketOf(connection).unref();
  }

  #acquire(): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const late = setTimeout(() => {
        isLate = true;
        reject(new PoolExhaustedError(this.#rules.acquireTimeout));
      }, this.#rules.acquireTimeout);
      this.#pool.getConnection((error, connection) => {
        clearTimeout(late);
        if (error) {
          // Only an error of the network or of the server has a code: the pool itself may be full, or closed.
          if (error.code !== undefined) this.#failed();
          reject(error);
        } else if (isLate) connection.release();
        else resolve(this.#limited(connection));
      });
    });
  }

  #limited(connection: PoolConnection): PoolConnection {
    const onFailure = (error: Error) => {
      if (error instanceof StatementTimeoutError) this.#failed();
      else if ("errno" in error && OUT_OF_SERVICE.has(error.errno)) {
        this.#failed();
        connection.destroy();
      }
    };
    limitStatements(connection, { milliseconds: this.#rules.statementTimeout, onFailure });
    return connection;
  }

  /** All at once: they are answered in turn, and the last answer tells whether the server is in service. */
  async #prepare(connection: PoolConnection): Promise<void> {
    for (const statement of this.#rules.setup) connection.query(statement, ignoreRefusal);
    await Promise.all([...this.#rules.required, PING].map((statement) => this.#demand(connection, statement)));
    this.#prepared.add(connection);
    socketOf(connection).once("close", () => this.#prepared.delete(connection));
  }

  async #demand(connection: PoolConnection, statement: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      connection.query(statement, (error) => (error ? reject(error) : resolve()));
    }).catch((error: unknown) => {
      connection.destroy();
      this.#failed();
      throw error;
    });
  }

  async #lookAgain(): Promise<void> {
    try {
      const connection = await this.connect();
      await this.#demand(connection, PING); // A connection from before the failure proves nothing.
      connection.release();
      this.#lookAgainAt = null;
    } catch {
      // It is looked at again later.
    }
  }

  #failed(): void {
    this.#lookAgainAt = performance.now() + this.#rules.retryPause;
  }
}

/** Each setting only improves on the server's default: a server that does not know it is used as it is. */
function ignoreRefusal(): void {}
