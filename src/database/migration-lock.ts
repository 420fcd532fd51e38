import type { QueryRunner } from "typeorm";

import { DatabaseError } from "./database-error.js";
import { allowSilence } from "./silence-limit.js";
import { whenNotBusy } from "./sqlite-busy.js";
import { BUSY_TIMEOUT } from "./sqlite-options.js";

/** Seconds that a server waits for another one to migrate. */
const PATIENCE = 60;

/** ER_NOT_SUPPORTED_YET: MariaDB refuses named locks in a Galera cluster. */
const NO_LOCKS_HERE = 1235;

/**
 * Runs `work` while nobody else does, in this process or another: under a named lock on a server, and in one
 * transaction on SQLite, which takes its schema changes back when `work` fails.
 */
export async function withMigrationLock<T>(queryRunner: QueryRunner, work: () => Promise<T>): Promise<T> {
  const isSqlite = queryRunner.dataSource.options.type === "better-sqlite3";
  return isSqlite ? inExclusiveTransaction(queryRunner, work) : underNamedLock(queryRunner, work);
}

async function underNamedLock<T>(queryRunner: QueryRunner, work: () => Promise<T>): Promise<T> {
  // Names of locks are known in the whole server and have 64 characters at most. MySQL 9 has no SHA1() any more.
  const name = "CONCAT('janus_migrate_', LEFT(SHA2(DATABASE(), 256), 40))";
  await allowSilence(queryRunner);
  const isLocked = await takeNamedLock(queryRunner, `SELECT GET_LOCK(${name}, ${PATIENCE}) AS locked`);
  try {
    return await work();
  } finally {
    // A connection that broke has given the lock back by itself.
    if (isLocked) await queryRunner.query(`SELECT RELEASE_LOCK(${name})`).catch(() => {});
  }
}

async function takeNamedLock(queryRunner: QueryRunner, statement: string): Promise<boolean> {
  try {
    const rows = await queryRunner.dataSource.query<{ locked: unknown }[]>(statement, [], queryRunner);
    if (Number(rows[0]?.locked) !== 1) throw new Error(`Another server has been migrating for ${PATIENCE} seconds`);
    return true;
  } catch (error) {
    if (DatabaseError.from(error).errno === NO_LOCKS_HERE) return false;
    throw error;
  }
}

async function inExclusiveTransaction<T>(queryRunner: QueryRunner, work: () => Promise<T>): Promise<T> {
  await queryRunner.beforeMigration(); // switches foreign keys off, which a transaction cannot
  try {
    await beginExclusively(queryRunner);
    try {
      const result = await work();
      await queryRunner.query("COMMIT");
      return result;
    } catch (error) {
      // Nothing is left to roll back where SQLite did it by itself, for instance on a full disk.
      await queryRunner.query("ROLLBACK").catch(() => {});
      throw error;
    }
  } finally {
    await queryRunner.afterMigration();
  }
}

async function beginExclusively(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query("PRAGMA busy_timeout = 0");
  try {
    await whenNotBusy(() => queryRunner.query("BEGIN IMMEDIATE"));
  } finally {
    await queryRunner.query(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
  }
}
