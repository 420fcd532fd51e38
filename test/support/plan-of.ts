import { expect } from "chai";
import type { DataSource } from "typeorm";
import { watchStatements } from "./statements.js";

/** How the database goes about the one statement that is sent meanwhile. */
export async function planOf(
  dataSource: DataSource,
  happen: () => Promise<unknown>,
): Promise<Record<string, unknown>[]> {
  const sent: [string, unknown[]][] = [];
  await watchStatements(dataSource, (sql, parameters) => void sent.push([sql, parameters as unknown[]]), happen);
  expect(sent).to.have.length(1);
  const [sql, parameters] = sent[0] ?? ["", []];
  const isSqlite = dataSource.options.type === "better-sqlite3";
  return dataSource.query(`EXPLAIN ${isSqlite ? "QUERY PLAN " : ""}${sql}`, parameters);
}
