import type { PoolConnection, QueryResult } from "mysql2";

import { DatabaseError } from "./database-error.js";

/** What a statement is given for its placeholders; mysql2's types know of fewer. */
export type Parameters = readonly unknown[];

/** The server has forgotten the statement, or its tables changed: ER_UNKNOWN_STMT_HANDLER, ER_NEED_REPREPARE. */
const OUTDATED: ReadonlySet<number | null> = new Set([1243, 1615]);
/** The server prepares no more of them, or not this one: ER_MAX_PREPARED_STMT_COUNT_REACHED, ER_UNSUPPORTED_PS. */
const NOT_PREPARABLE: ReadonlySet<number | null> = new Set([1461, 1295]);

/**
 * Runs a statement that the server keeps prepared for this connection. One that cannot be prepared is sent as text. All
 * errors that lead to a second attempt here say that nothing was executed.
 *
 * @param sql one of few texts: the server keeps each of them for each connection
 */
export async function runPrepared(
  connection: PoolConnection,
  sql: string,
  parameters: Parameters,
): Promise<QueryResult> {
  try {
    return await execute(connection, sql, parameters);
  } catch (error) {
    const { errno } = DatabaseError.from(error);
    if (NOT_PREPARABLE.has(errno)) return sendText(connection, sql, parameters);
    if (!OUTDATED.has(errno)) throw error;
    connection.unprepare(sql);
    return execute(connection, sql, parameters);
  }
}

function execute(connection: PoolConnection, sql: string, parameters: Parameters): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    connection.execute(sql, parameters as string[], (error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** Runs a statement as text: for what is not worth keeping prepared. */
export function sendText(connection: PoolConnection, sql: string, parameters: Parameters = []): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    connection.query(sql, parameters as string[], (error, result) => (error ? reject(error) : resolve(result)));
  });
}
