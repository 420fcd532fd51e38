import type { DataSource } from "typeorm";
import { RefreshToken } from "../../src/index.js";
import { USERNAME } from "../subject.js";
import { ownSessionStep, SESSION_SQL } from "./numbered-session.js";

/** Rows in one statement. A power of ten: they are numbered by their digits. */
const CHUNK_DIGITS = 5;
const CHUNK = 10 ** CHUNK_DIGITS;

/** Connections that write at once: most of a statement is the making of hashes. */
const WRITERS = 2;

/** When the sessions began, days ago: within the limits of the profile `hardened`, or beyond them. */
const LIVE = { from: 5, to: 1 };
const EXPIRED = { from: 12, to: 8 };
const DAY = 86_400;

interface IndexRow {
  readonly name: string;
  readonly column: string;
  readonly isUnique: number;
}

/**
 * Fills the empty table of sessions with rows that are numbered from 1. Indexes are made afterwards, which is several
 * times as fast.
 *
 * @param expired how many of them, from the first on, no refresh is answered for
 */
export async function fillSessions(
  dataSource: DataSource,
  { sessions, expired }: { readonly sessions: number; readonly expired: number },
  progress: (done: number) => void,
): Promise<void> {
  const table = dataSource.getMetadata(RefreshToken).tablePath;
  const indexes = await indexesOf(dataSource, table);
  for (const { name } of indexes) await dataSource.query(`ALTER TABLE ${table} DROP INDEX ${name}`);
  let begun = 0;
  const insert = async () => {
    while (begun < sessions) {
      const first = begun;
      begun += CHUNK;
      await dataSource.query(insertSql(table, first, sessions, expired));
      progress(Math.min(sessions, first + CHUNK));
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, insert));
  const added = indexes.map(({ name, column, isUnique }) => {
    return `ADD ${isUnique ? "UNIQUE " : ""}INDEX ${name} (\`${column}\`)`;
  });
  await dataSource.query(`ALTER TABLE ${table} ${added.join(", ")}`);
  await dataSource.query(`ANALYZE TABLE ${table}`);
}

function indexesOf(dataSource: DataSource, table: string): Promise<IndexRow[]> {
  return dataSource.query(
    `SELECT INDEX_NAME AS name, COLUMN_NAME AS \`column\`, NON_UNIQUE = 0 AS isUnique FROM information_schema.STATISTICS
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND INDEX_NAME <> 'PRIMARY'`,
    [table],
  );
}

function insertSql(table: string, done: number, sessions: number, expired: number): string {
  const user = `IF(n MOD ${ownSessionStep(sessions)} = 0, '${USERNAME}', CONCAT('user-', n MOD 1000000))`;
  const created = `IF(n <= ${expired}, ${momentSql(EXPIRED, sessions)}, ${momentSql(LIVE, sessions)})`;
  return `INSERT INTO ${table} (id, hash, generation, \`user\`, created, rotated, last_used, revoked, user_agent, address)
    SELECT ${SESSION_SQL.id}, ${SESSION_SQL.hash}, 0, ${user}, ${created}, ${created}, ${created}, NULL, 'bench', '127.0.0.1'
    FROM (SELECT ${done} + 1 + ${offsetSql()} AS n FROM ${digitsSql()}) AS numbers
    WHERE n <= ${sessions}`;
}

/** In the order of the numbers, as in life. */
function momentSql({ from, to }: { from: number; to: number }, sessions: number): string {
  const length = ((from - to) * DAY * 1e6) / sessions;
  return `UTC_TIMESTAMP(6) - INTERVAL ${from * DAY} SECOND + INTERVAL FLOOR(n * ${length}) MICROSECOND`;
}

/** The digits of a number below `CHUNK`. */
function offsetSql(): string {
  return Array.from({ length: CHUNK_DIGITS }, (_, place) => `d${place}.digit * ${10 ** place}`).join(" + ");
}

function digitsSql(): string {
  const digits = Array.from({ length: 10 }, (_, digit) => `SELECT ${digit} AS digit`).join(" UNION ALL ");
  // The highest place is the outermost loop: rows come in the order of their key without being sorted.
  const places = Array.from({ length: CHUNK_DIGITS }, (_, place) => `(${digits}) AS d${CHUNK_DIGITS - 1 - place}`);
  return places.join(" STRAIGHT_JOIN ");
}
