import type { DataSource } from "typeorm";

import { GroupedStatements } from "../database/grouped-statements.js";
import { LoginAttempt } from "./login-attempt.js";
import type { Points, PointStore } from "./point-store.js";

/** The statements on the table `login_attempt`, as one kind of database has them. */
export interface AttemptStatements extends PointStore {
  /** Deletes rows whose window is over, so many at most. */
  deleteOver(now: number, limit: number): Promise<void>;
}

/** A row as the driver answers it: MySQL's may be text where a number is large. */
interface Row {
  readonly points: number;
  readonly ends: number | string;
}

export function sqliteStatements(dataSource: DataSource): AttemptStatements {
  const statements = new GroupedStatements(dataSource);
  const table = tableOf(dataSource);
  const insert = `INSERT INTO ${table} (key_hash, points, ends) VALUES (?, ?, ?) ON CONFLICT (key_hash) DO UPDATE SET`;
  return {
    async add(key, points, { now, ends }) {
      const [row] = await statements.query<Row>(
        `${insert} points = CASE WHEN ends <= ? THEN excluded.points ELSE points + excluded.points END, ` +
          "ends = CASE WHEN ends <= ? THEN excluded.ends ELSE ends END RETURNING points",
        [key, points, ends, now, now],
      );
      return row?.points ?? points;
    },
    async take(key, points, now) {
      const sql = `UPDATE ${table} SET points = points - ? WHERE key_hash = ? AND ends > ? AND points >= ? RETURNING 1`;
      await statements.query(sql, [points, key, now, points]);
    },
    async set(key, { points, ends }) {
      await statements.query(`${insert} points = excluded.points, ends = excluded.ends RETURNING 1`, [
        key,
        points,
        ends,
      ]);
    },
    async find(key, now) {
      return found(await dataSource.query<Row[]>(selection(table), [key, now]));
    },
    async delete(key) {
      const deleted = await statements.query(`DELETE FROM ${table} WHERE key_hash = ? RETURNING 1`, [key]);
      return deleted.length > 0;
    },
    async deleteOver(now, limit) {
      const over = `SELECT key_hash FROM ${table} WHERE ends <= ? LIMIT ?`;
      await statements.query(`DELETE FROM ${table} WHERE key_hash IN (${over}) RETURNING 1`, [now, limit]);
    },
  };
}

export function mysqlStatements(dataSource: DataSource): AttemptStatements {
  const table = tableOf(dataSource);
  const insert = `INSERT INTO ${table} (key_hash, points, ends) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE`;
  const change = (sql: string, parameters: unknown[]) =>
    dataSource.query<{ affectedRows: number; insertId: number }>(sql, parameters);
  return {
    async add(key, points, { now, ends }) {
      // There is no RETURNING, but the number that LAST_INSERT_ID was given is answered. Assignments run from left to right.
      const { insertId } = await change(
        `${insert} points = LAST_INSERT_ID(IF(ends <= ?, ?, points + ?)), ends = IF(ends <= ?, ?, ends)`,
        [key, points, ends, now, points, points, now, ends],
      );
      return insertId === 0 ? points : insertId; // 0: the row is new.
    },
    async take(key, points, now) {
      const sql = `UPDATE ${table} SET points = points - ? WHERE key_hash = ? AND ends > ? AND points >= ?`;
      await change(sql, [points, key, now, points]);
    },
    async set(key, { points, ends }) {
      await change(`${insert} points = ?, ends = ?`, [key, points, ends, points, ends]);
    },
    async find(key, now) {
      return found(await dataSource.query<Row[]>(selection(table), [key, now]));
    },
    async delete(key) {
      const { affectedRows } = await change(`DELETE FROM ${table} WHERE key_hash = ?`, [key]);
      return affectedRows > 0;
    },
    async deleteOver(now, limit) {
      await change(`DELETE FROM ${table} WHERE ends <= ? ORDER BY ends LIMIT ?`, [now, limit]);
    },
  };
}

function selection(table: string): string {
  return `SELECT points, ends FROM ${table} WHERE key_hash = ? AND ends > ?`;
}

function found([row]: readonly Row[]): Points | null {
  return row ? { points: row.points, ends: Number(row.ends) } : null;
}

function tableOf(dataSource: DataSource): string {
  const parts = dataSource.getMetadata(LoginAttempt).tablePath.split("."); // MySQL may put the name of a database before it
  return parts.map((part) => dataSource.driver.escape(part)).join(".");
}
