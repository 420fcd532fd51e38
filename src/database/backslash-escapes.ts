import type { DataSource } from "typeorm";

import { FailoverPool } from "./failover-pool.js";

/**
 * Whether the server takes a backslash in a text for a letter, as it does with `NO_BACKSLASH_ESCAPES` in its `sql_mode`. mysql2
 * escapes quotes with backslashes, so that a name with a quote in it would go on as SQL. Connections of `createDataSource` are
 * set up otherwise; those of another data source are the host's.
 */
export async function ignoresBackslashes(dataSource: DataSource): Promise<boolean> {
  if (dataSource.options.type === "better-sqlite3" || FailoverPool.of(dataSource)) return false;
  const [row] = await dataSource.query<{ mode: string }[]>("SELECT @@sql_mode AS mode");
  return row?.mode.includes(NO_BACKSLASH_ESCAPES) === true;
}

const NO_BACKSLASH_ESCAPES = "NO_BACKSLASH_ESCAPES";

/** What is wrong with a data source of which that is true, and what to do about it. */
export const BACKSLASHES_IGNORED = `a data source without ${NO_BACKSLASH_ESCAPES} in its sql_mode: take it out of the server's, or use createDataSource`;
