import { callbackify } from "node:util";

import type { PoolConnection, PoolOptions } from "mysql2";
import type { DataSource } from "typeorm";

import type { DatabaseHost } from "./database-url.js";
import { type HostRules, PooledHost, PoolExhaustedError } from "./pooled-host.js";

/**
 * Connections to the first of several servers that is well: the part of mysql2's pool that TypeORM uses. mysql2's own
 * PoolCluster counts a joining Galera node as well, and lets a request wait for each host that does not answer.
 */
export class FailoverPool {
  readonly #hosts: readonly PooledHost[];

  /** @param options of mysql2, for the pool of each host */
  constructor(hosts: readonly DatabaseHost[], options: PoolOptions, rules: HostRules) {
    this.#hosts = hosts.map((host) => new PooledHost({ ...options, ...host }, rules));
  }

  /** The pool of a data source that `createDataSource` made and that is connected; undefined for SQLite and for others. */
  static of({ driver }: DataSource): FailoverPool | undefined {
    const { pool } = driver as { readonly pool?: unknown };
    return pool instanceof FailoverPool ? pool : undefined;
  }

  readonly getConnection = callbackify(() => this.#connect());

  /** Lends a connection for as long as `use` takes. */
  async withConnection<T>(use: (connection: PoolConnection) => Promise<T>): Promise<T> {
    const connection = await this.#connect();
    try {
      return await use(connection);
    } finally {
      connection.release();
    }
  }

  readonly end = callbackify(async () => {
    await Promise.all(this.#hosts.map((host) => host.end()));
  });

  /** Hosts that failed come last: if all have, they are tried all the same. */
  async #connect(): Promise<PoolConnection> {
    const health = this.#hosts.map((host) => ({ host, isWell: host.seemsWell() }));
    const inTurn = health.toSorted((one, other) => Number(other.isWell) - Number(one.isWell));
    const failures: unknown[] = [];
    for (const { host } of inTurn) {
      try {
        return await host.connect();
      } catch (error) {
        // Another host would take the load of this one too, and then the next one.
        if (error instanceof PoolExhaustedError) throw error;
        failures.push(error);
      }
    }
    throw failures[0];
  }
}
