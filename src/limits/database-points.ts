import type { DataSource } from "typeorm";

import { withDatabase } from "../database/retry.js";
import { type AttemptStatements, mysqlStatements, sqliteStatements } from "./attempt-statements.js";
import type { Points, PointStore } from "./point-store.js";

/** After so many new windows, twice as many rows whose window is over are deleted: they cannot pile up. */
const SWEEP_EVERY = 100;
const SWEEP_ROWS = 2 * SWEEP_EVERY;

/** The count may not be lost with a connection, so a statement is sent again: one attempt too many may be counted then. */
const AGAIN = { mayRunTwice: true };

/** Points in the table `login_attempt`, shared by all servers of the database. One statement counts an attempt. */
export class DatabasePoints implements PointStore {
  private readonly statements: AttemptStatements;
  private windows = 0;

  /** @param dataSource with `LoginAttempt` among its entities */
  constructor(dataSource: DataSource) {
    const isSqlite = dataSource.options.type === "better-sqlite3";
    this.statements = isSqlite ? sqliteStatements(dataSource) : mysqlStatements(dataSource);
  }

  async add(key: string, points: number, { now, ends }: { now: number; ends: number }): Promise<number> {
    const counted = await withDatabase(() => this.statements.add(key, points, { now, ends }), AGAIN);
    if (counted === points) await this.sweepNowAndThen(now);
    return counted;
  }

  async take(key: string, points: number, now: number): Promise<void> {
    // Not sent again: what may have been taken already must not be taken twice.
    await withDatabase(() => this.statements.take(key, points, now));
  }

  async set(key: string, value: Points): Promise<void> {
    await withDatabase(() => this.statements.set(key, value), AGAIN);
  }

  find(key: string, now: number): Promise<Points | null> {
    return withDatabase(() => this.statements.find(key, now), AGAIN);
  }

  delete(key: string): Promise<boolean> {
    return withDatabase(() => this.statements.delete(key), AGAIN);
  }

  /** A login does not fail for want of housekeeping: the next turn goes on. */
  private async sweepNowAndThen(now: number): Promise<void> {
    this.windows += 1;
    if (this.windows % SWEEP_EVERY !== 1) return;
    await this.statements.deleteOver(now, SWEEP_ROWS).catch(() => {});
  }
}
