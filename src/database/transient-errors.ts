import { DatabaseError } from "./database-error.js";

/**
 * What a failed statement tells about trying again.
 *
 * - `refused`: the database did not apply it and says so. Trying again is right for every autocommit statement.
 * - `lost`: the connection broke. It may or may not have been applied.
 * - `unreachable`: there was no database to ask, or it took too long. A later request may have more luck; this one has
 *   waited long enough.
 * - `final`: trying again changes nothing.
 */
export type Failure = "refused" | "lost" | "unreachable" | "final";

/** By number, because mysql2 knows no name for some of them. */
const FAILURE_BY_ERRNO: ReadonlyMap<number, Failure> = new Map([
  [1213, "refused"], // deadlock; in Galera, a conflict with another node
  [1205, "refused"], // lock wait timeout
  [1180, "lost"], // error during COMMIT: a Galera node that loses the others in it cannot tell whether they have it
  [3101, "refused"], // Group Replication: a conflict with another member
  [1047, "refused"], // Galera: the node is joining, or is cut off
  [1290, "refused"], // read-only, as a node is while another takes over
  [1836, "refused"], // read-only mode
  [1053, "lost"], // server shutdown in progress
  [1317, "lost"], // query interrupted
  [1927, "lost"], // connection was killed
  [1040, "unreachable"], // too many connections
  [1203, "unreachable"], // too many connections of this user
]);

const FAILURE_BY_CODE: ReadonlyMap<string, Failure> = new Map([
  ["SQLITE_BUSY", "refused"],
  ["SQLITE_LOCKED", "refused"],
  ["ECONNRESET", "lost"],
  ["EPIPE", "lost"],
  ["PROTOCOL_CONNECTION_LOST", "lost"],
  ["POOL_EXHAUSTED", "unreachable"],
  ["ECONNREFUSED", "unreachable"],
  ["ETIMEDOUT", "unreachable"],
  ["EHOSTUNREACH", "unreachable"],
  ["ENETUNREACH", "unreachable"],
  ["ENOTFOUND", "unreachable"],
  ["EAI_AGAIN", "unreachable"],
  ["ENOENT", "unreachable"], // the server's socket file
  ["SQLITE_FULL", "unreachable"],
  ["SQLITE_IOERR", "unreachable"],
  ["SQLITE_READONLY", "unreachable"],
  ["SQLITE_CANTOPEN", "unreachable"],
]);

/** Errors that come without a code, by their message in mysql2, better-sqlite3 and TypeORM. */
const FAILURE_BY_MESSAGE: readonly (readonly [RegExp, Failure])[] = [
  [/^Can't add new command when connection is in closed state/, "unreachable"],
  [/^Pool is closed/, "unreachable"],
  [/^No connections available/, "unreachable"],
  [/^Queue limit reached/, "unreachable"],
  [/^Connection is not established/, "unreachable"], // TypeORM: no pool, before initialize() and after destroy()
  [/database connection is not open/, "unreachable"], // better-sqlite3, after destroy()
];

/** Tells what may be done about a failure of the database. */
export function classifyFailure(error: unknown): Failure {
  const { errno, code, message } = DatabaseError.from(error);
  const byErrno = errno === null ? undefined : FAILURE_BY_ERRNO.get(errno);
  return byErrno ?? byCode(code) ?? FAILURE_BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1] ?? "final";
}

/** SQLite's extended codes (`SQLITE_IOERR_WRITE`) count as the one they extend. */
function byCode(code: string | null): Failure | undefined {
  if (code === null) return undefined;
  return FAILURE_BY_CODE.get(code) ?? FAILURE_BY_CODE.get(code.split("_").slice(0, 2).join("_"));
}
