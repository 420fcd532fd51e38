import type { DataSource } from "typeorm";

import { withDatabase } from "../database/retry.js";
import { LoginAttempt } from "./login-attempt.js";
import type { Points, PointStore } from "./point-store.js";

/** After so many new windows, twice as many rows whose window is over are deleted: they cannot pile up. */
const SWEEP_EVERY = 100;
const SWEEP_ROWS = 2 * SWEEP_EVERY;

/** The count may not be lost with a connection, so a statement is sent again: one attempt too many may be counted then. */
const AGAIN = { mayRunTwice: true };

/** Points in the table `login_attempt`, shared by all servers of the database. One statement counts an attempt. */
export class DatabasePoints implements PointStore {
  private windows = 0;

  /** @param dataSource with `LoginAttempt` among its entities */
  constructor(private readonly dataSource: DataSource) {}

  async add(key: string, points: number, { now, ends }: { now: number; ends: number }): Promise<number> {
    const counted = await withDatabase(() => this.count(key, points, { now, ends }), AGAIN);
    if (counted === points) await this.sweepNowAndThen(now);
    return counted;
  }

  async take(key: string, points: number, now: number): Promise<void> {
    const sql = `UPDATE ${this.table} SET points = points - ? WHERE key_hash = ? AND ends > ? AND points >= ?`;
    // Not sent again: what may have been taken already must not be taken twice.
    await withDatabase(() => this.dataSource.query(sql, [points, key, now, points]));
  }

  async set(key: string, { points, ends }: Points): Promise<void> {
    const insert = `INSERT INTO ${this.table} (key_hash, points, ends) VALUES (?, ?, ?)`;
    const sql = this.isSqlite
      ? `${insert} ON CONFLICT (key_hash) DO UPDATE SET points = ?, ends = ?`
      : `${insert} ON DUPLICATE KEY UPDATE points = ?, ends = ?`;
    await withDatabase(() => this.dataSource.query(sql, [key, points, ends, points, ends]), AGAIN);
  }

  async find(key: string, now: number): Promise<Points | null> {
    const sql = `SELECT points, ends FROM ${this.table} WHERE key_hash = ? AND ends > ?`;
    const find = () => this.dataSource.query<{ points: number; ends: number | string }[]>(sql, [key, now]);
    const [row] = await withDatabase(find, AGAIN);
    return row ? { points: row.points, ends: Number(row.ends) } : null;
  }

  async delete(key: string): Promise<boolean> {
    const rows = this.dataSource.getRepository(LoginAttempt);
    const { affected } = await withDatabase(() => rows.delete({ keyHash: key }), AGAIN);
    return affected !== 0;
  }

  private async count(key: string, points: number, { now, ends }: { now: number; ends: number }): Promise<number> {
    const insert = `INSERT INTO ${this.table} (key_hash, points, ends) VALUES (?, ?, ?)`;
    if (this.isSqlite) {
      const [row] = await this.dataSource.query<{ points: number }[]>(
        `${insert} ON CONFLICT (key_hash) DO UPDATE SET ` +
          "points = CASE WHEN ends <= ? THEN excluded.points ELSE points + excluded.points END, " +
          "ends = CASE WHEN ends <= ? THEN excluded.ends ELSE ends END RETURNING points",
        [key, points, ends, now, now],
      );
      return row?.points ?? points;
    }
    // MySQL has no RETURNING, but answers the number that LAST_INSERT_ID was given. Assignments run from left to right.
    const { insertId } = await this.dataSource.query<{ insertId: number }>(
      `${insert} ON DUPLICATE KEY UPDATE ` +
        "points = LAST_INSERT_ID(IF(ends <= ?, ?, points + ?)), ends = IF(ends <= ?, ?, ends)",
      [key, points, ends, now, points, points, now, ends],
    );
    return insertId === 0 ? points : insertId; // 0: the row is new.
  }

  /** A login does not fail for want of housekeeping: the next turn goes on. */
  private async sweepNowAndThen(now: number): Promise<void> {
    this.windows += 1;
    if (this.windows % SWEEP_EVERY !== 1) return;
    const sql = this.isSqlite
      ? `DELETE FROM ${this.table} WHERE key_hash IN (SELECT key_hash FROM ${this.table} WHERE ends <= ? LIMIT ?)`
      : `DELETE FROM ${this.table} WHERE ends <= ? ORDER BY ends LIMIT ?`;
    await this.dataSource.query(sql, [now, SWEEP_ROWS]).catch(() => {});
  }

  private get isSqlite(): boolean {
    return this.dataSource.options.type === "better-sqlite3";
  }

  private get table(): string {
    const { tablePath } = this.dataSource.getMetadata(LoginAttempt);
    const parts = tablePath.split("."); // MySQL may put the name of a database before it
    return parts.map((part) => this.dataSource.driver.escape(part)).join(".");
  }
}
