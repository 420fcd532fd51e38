import type { DataSource, DataSourceOptions } from "typeorm";

import type { SqliteTarget } from "./database-url.js";
import { whenNotBusy } from "./sqlite-busy.js";
import { sqliteDriver } from "./sqlite-driver.js";

type SqliteOptions = Extract<DataSourceOptions, { type: "better-sqlite3" }>;

/**
 * Milliseconds that a statement waits for another process that is writing. The whole process waits with it, so the
 * patience is in the attempts of `withDatabase`, and in the pauses between them others are served.
 */
export const BUSY_TIMEOUT = 50;

/** What TypeORM has to know about a SQLite database. It switches foreign keys on by itself. */
export function sqliteOptions({ path }: SqliteTarget): SqliteOptions {
  return {
    type: "better-sqlite3",
    driver: sqliteDriver(),
    database: path,
    timeout: BUSY_TIMEOUT,
    prepareDatabase: enableWal,
  };
}

/**
 * Lets others read while one writes. TypeORM's own `enableWAL` fails now and then when several processes open a new
 * database together, because SQLite does not wait for its busy timeout here.
 */
async function enableWal(database: { pragma(statement: string): unknown }): Promise<void> {
  await whenNotBusy(() => database.pragma("journal_mode = WAL"));
}

/**
 * Lets entities declare `binary` columns, as MySQL wants them for hashes. SQLite accepts any declared type and stores a
 * Buffer as a blob; only TypeORM's list of types for SQLite lacks it. To be called before `initialize()`.
 */
export function allowBinaryColumns({ driver }: DataSource): void {
  driver.supportedDataTypes.push("binary");
  driver.withLengthColumnTypes.push("binary");
}
