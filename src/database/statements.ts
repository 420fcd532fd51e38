import type { PoolConnection, QueryResult, ResultSetHeader } from "mysql2";
import { type DataSource, QueryFailedError } from "typeorm";

import { FailoverPool } from "./failover-pool.js";
import { type Parameters, runPrepared, sendText } from "./prepared-statement.js";
import { classifyFailure } from "./transient-errors.js";

export type RawRow = Readonly<Record<string, unknown>>;

/** Sends one UPDATE of a transaction. Answers how many rows it changed. */
export type SendChange = (sql: string, parameters: Parameters) => Promise<number>;

/**
 * What became of a transaction. `refused`: nothing of it was applied, because its work said so or because the database
 * did, before a COMMIT was sent. `committed`: everything was.
 */
export type Outcome = "committed" | "refused";

/**
 * The statements that every request sends. On a server that `createDataSource` opened they are prepared, and go through
 * no query runner of TypeORM's; on any other data source they go through TypeORM.
 */
export class Statements {
  constructor(private readonly dataSource: DataSource) {}

  /** Whether `transaction` may be called: statements here are round trips, which several changes can share. */
  get haveTransactions(): boolean {
    return FailoverPool.of(this.dataSource) !== undefined;
  }

  /** The rows of a SELECT. */
  async rows(sql: string, parameters: Parameters): Promise<RawRow[]> {
    const pool = FailoverPool.of(this.dataSource);
    if (!pool) return this.dataSource.query<RawRow[]>(sql, [...parameters]);
    return (await pool.withConnection((connection) => this.send(connection, sql, parameters))) as RawRow[];
  }

  /** How many rows an INSERT, UPDATE or DELETE has changed. */
  async change(sql: string, parameters: Parameters): Promise<number> {
    const pool = FailoverPool.of(this.dataSource);
    if (!pool) return this.changeThroughTypeOrm(sql, parameters);
    return changedRows(await pool.withConnection((connection) => this.send(connection, sql, parameters)));
  }

  /**
   * Does work in a transaction, which is committed if the work answers true.
   *
   * @throws what the database answers to COMMIT, when it may or may not have been applied, and when there is no connection
   */
  async transaction(work: (send: SendChange) => Promise<boolean>): Promise<Outcome> {
    const pool = FailoverPool.of(this.dataSource);
    if (!pool) throw new Error("This data source shares no statements");
    return pool.withConnection(async (connection) => {
      if (!(await this.isReady(connection, work))) return "refused";
      try {
        await this.sendControl(connection, "COMMIT");
        return "committed";
      } catch (error) {
        await this.rollBack(connection);
        if (classifyFailure(error) === "refused") return "refused";
        throw error;
      }
    });
  }

  /** Whether the work is done and wants its COMMIT. Whatever fails before has changed nothing. */
  private async isReady(connection: PoolConnection, work: (send: SendChange) => Promise<boolean>): Promise<boolean> {
    try {
      await this.sendControl(connection, "START TRANSACTION");
      if (await work(async (sql, parameters) => changedRows(await this.send(connection, sql, parameters)))) return true;
    } catch {
      // Each of the changes will be tried alone, and meet the same failure if it lasts.
    }
    await this.rollBack(connection);
    return false;
  }

  /** A connection that cannot even do this is given up: its server then undoes what it had begun. */
  private async rollBack(connection: PoolConnection): Promise<void> {
    await this.sendControl(connection, "ROLLBACK").catch(() => connection.destroy());
  }

  private async send(connection: PoolConnection, sql: string, parameters: Parameters): Promise<QueryResult> {
    this.dataSource.logger.logQuery(sql, [...parameters]);
    try {
      return await runPrepared(connection, sql, parameters);
    } catch (error) {
      throw new QueryFailedError(sql, [...parameters], error as Error);
    }
  }

  private async sendControl(connection: PoolConnection, sql: string): Promise<void> {
    this.dataSource.logger.logQuery(sql);
    await sendText(connection, sql);
  }

  /** `dataSource.query` would not tell the number of rows on SQLite. */
  private async changeThroughTypeOrm(sql: string, parameters: Parameters): Promise<number> {
    const queryRunner = this.dataSource.createQueryRunner();
    try {
      const { affected } = await queryRunner.query(sql, [...parameters], true);
      return affected ?? 0;
    } finally {
      await queryRunner.release();
    }
  }
}

function changedRows(result: QueryResult): number {
  return (result as ResultSetHeader).affectedRows;
}
