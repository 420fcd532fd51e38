import { setTimeout as sleep } from "node:timers/promises";

import { type DataSource, MigrationExecutor, type QueryRunner } from "typeorm";

import { DatabaseError } from "./database-error.js";
import { withMigrationLock } from "./migration-lock.js";
import { withDatabase } from "./retry.js";

/** So often, and with so many milliseconds in between, is looked whether another node of a cluster has finished. */
const LOOKS = 20;
const PAUSE = 500;

/** What is told to someone who creates what is there: ER_TABLE_EXISTS_ERROR, ER_DUP_FIELDNAME, ER_DUP_KEYNAME. */
const ALREADY_THERE: ReadonlySet<number | null> = new Set([1050, 1060, 1061]);

/** Waits so many milliseconds. */
type Sleep = (milliseconds: number) => Promise<unknown>;

/**
 * Brings the schema up to date. Any number of servers may do so at once: one does the work and the others wait for it.
 *
 * @returns the names of the migrations that this call ran
 * @throws {DatabaseError} when a migration fails. SQLite is then as before; MySQL keeps what the failed one had done.
 */
export async function migrate(dataSource: DataSource, options: { readonly sleep?: Sleep } = {}): Promise<string[]> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    return await withMigrationLock(queryRunner, () => runPending(dataSource, queryRunner));
  } catch (error) {
    if (await othersMigrated(dataSource, error, options.sleep ?? sleep)) return [];
    throw DatabaseError.from(error);
  } finally {
    await queryRunner.release();
  }
}

async function runPending(dataSource: DataSource, queryRunner: QueryRunner): Promise<string[]> {
  const executor = new MigrationExecutor(dataSource, queryRunner);
  // SQLite is in the transaction of the lock already, and has but one connection.
  executor.transaction = dataSource.options.type === "better-sqlite3" ? "none" : "each";
  const migrations = await executor.executePendingMigrations();
  return migrations.map(({ name }) => name);
}

/**
 * The names of the migrations that the database still lacks, the next one first. Changes nothing.
 *
 * @throws {ServiceUnavailableError} when the database cannot be reached
 */
export async function pendingMigrations(dataSource: DataSource): Promise<string[]> {
  const executor = new MigrationExecutor(dataSource);
  const pending = await withDatabase(() => executor.getPendingMigrations(), { mayRunTwice: true });
  return pending.map(({ name }) => name);
}

/**
 * A lock holds on one node of a cluster only. Where two nodes migrate at once, each table is created on one of them:
 * the other fails there, waits, and finds its work done.
 */
async function othersMigrated(dataSource: DataSource, error: unknown, pause: Sleep): Promise<boolean> {
  if (!ALREADY_THERE.has(DatabaseError.from(error).errno)) return false;
  for (let look = 0; look < LOOKS; look++) {
    if ((await pendingMigrations(dataSource)).length === 0) return true;
    await pause(PAUSE);
  }
  return false;
}
