import type { DataSource, DataSourceOptions } from "typeorm";

import type { SqliteTarget } from "./database-url.js";

type SqliteOptions = Extract<DataSourceOptions, { type: "better-sqlite3" }>;

/** Milliseconds that a statement waits for another process that is writing. The whole process waits with it. */
export const BUSY_TIMEOUT = 1_000;

/** TypeORM itself switches foreign keys on. WAL lets others read while one writes. */
export function sqliteOptions({ path }: SqliteTarget): SqliteOptions {
  return { type: "better-sqlite3", database: path, enableWAL: true, timeout: BUSY_TIMEOUT };
}

/**
 * Lets entities declare `binary` columns, as MySQL wants them for hashes. SQLite accepts any declared type and stores a
 * Buffer as a blob; only TypeORM's list of types for SQLite lacks it. To be called before `initialize()`.
 */
export function allowBinaryColumns({ driver }: DataSource): void {
  driver.supportedDataTypes.push("binary");
  driver.withLengthColumnTypes.push("binary");
}
