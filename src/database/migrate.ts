import { setTimeout as sleep } from "node:timers/promises";

import { type DataSource, type Migration, MigrationExecutor, type QueryRunner } from "typeorm";

import { DatabaseError } from "./database-error.js";
import { withMigrationLock } from "./migration-lock.js";
import { jitteredPause, withDatabase } from "./retry.js";
import { classifyFailure } from "./transient-errors.js";

/** Of a migration in all. */
const ATTEMPTS = 5;

/** So often, and with so many milliseconds in between, is looked whether another node of a cluster has finished. */
const LOOKS = 20;
const PAUSE = 500;

/** What is told to someone who creates what is there: ER_TABLE_EXISTS_ERROR, ER_DUP_FIELDNAME, ER_DUP_KEYNAME. */
const ALREADY_THERE: ReadonlySet<number | null> = new Set([1050, 1060, 1061]);

/** Waits so many milliseconds. */
type Sleep = (milliseconds: number) => Promise<unknown>;

/**
 * Brings the schema up to date. Any number of servers may do so at once: one does the work and the others wait for it.
 * What another attempt may heal, such as a conflict with another node of a cluster, is tried a few times, each time with
 * a fresh look at what is done already.
 *
 * @returns the names of the migrations that this call ran
 * @throws {DatabaseError} when a migration fails. SQLite is then as before; MySQL keeps what the failed one had done.
 */
export async function migrate(dataSource: DataSource, options: { readonly sleep?: Sleep } = {}): Promise<string[]> {
  const { sleep: pause = sleep } = options;
  const ran = new Set<string>();
  for (let attempt = 1; ; attempt++) {
    try {
      await migrateOnce(dataSource, ran);
      return [...ran];
    } catch (error) {
      if (await othersMigrated(dataSource, error, pause)) return [...ran];
      if (attempt === ATTEMPTS || !isWorthRepeating(dataSource, error)) throw DatabaseError.from(error);
      await pause(jitteredPause(attempt));
    }
  }
}

/** @param ran is told the name of each migration that is done, also when a later one fails */
async function migrateOnce(dataSource: DataSource, ran: Set<string>): Promise<void> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    await withMigrationLock(queryRunner, () => runPending(dataSource, queryRunner, ran));
  } finally {
    await queryRunner.release();
  }
}

async function runPending(dataSource: DataSource, queryRunner: QueryRunner, ran: Set<string>): Promise<void> {
  const executor = new TellingExecutor(dataSource, queryRunner, ran);
  // SQLite is in the transaction of the lock already, and has but one connection.
  executor.transaction = isSqlite(dataSource) ? "none" : "each";
  await executor.executePendingMigrations();
}

/** Tells of each migration, and not of all of them at the end, which a refused one never sees. */
class TellingExecutor extends MigrationExecutor {
  constructor(
    dataSource: DataSource,
    queryRunner: QueryRunner,
    private readonly ran: Set<string>,
  ) {
    super(dataSource, queryRunner);
  }

  protected override async insertExecutedMigration(queryRunner: QueryRunner, migration: Migration): Promise<void> {
    await super.insertExecutedMigration(queryRunner, migration);
    this.ran.add(migration.name);
  }
}

/** SQLite takes everything back, and its lock has been waited for: nothing there is a conflict. */
function isWorthRepeating(dataSource: DataSource, error: unknown): boolean {
  return !isSqlite(dataSource) && ["refused", "lost"].includes(classifyFailure(error));
}

function isSqlite({ options }: DataSource): boolean {
  return options.type === "better-sqlite3";
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
