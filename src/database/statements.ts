import type { PoolConnection, QueryResult, ResultSetHeader } from "mysql2";
import { type DataSource, QueryFailedError } from "typeorm";

import { BACKSLASHES_IGNORED, ignoresBackslashes } from "./backslash-escapes.js";
import { FailoverPool } from "./failover-pool.js";
import { type Parameters, runPrepared } from "./prepared-statement.js";

export type RawRow = Readonly<Record<string, unknown>>;

/**
 * The statements that every request sends. On a server that `createDataSource` opened they are prepared, and go through
 * no query runner of TypeORM's; on any other data source they go through TypeORM.
 */
export class Statements {
  private areEscapesChecked = false;

  constructor(private readonly dataSource: DataSource) {}

  /** Whether each is a round trip to a server, so that several changes had better share one. */
  get areRoundTrips(): boolean {
    return FailoverPool.of(this.dataSource) !== undefined;
  }

  /** The rows of a SELECT. */
  async rows(sql: string, parameters: Parameters): Promise<RawRow[]> {
    const pool = FailoverPool.of(this.dataSource);
    if (!pool) {
      if (!this.areEscapesChecked) await this.checkEscapes();
      return this.dataSource.query<RawRow[]>(sql, [...parameters]);
    }
    return (await pool.withConnection((connection) => this.send(connection, sql, parameters))) as RawRow[];
  }

  /** How many rows an INSERT, UPDATE or DELETE has changed. */
  async change(sql: string, parameters: Parameters): Promise<number> {
    const pool = FailoverPool.of(this.dataSource);
    if (!pool) return this.changeThroughTypeOrm(sql, parameters);
    return changedRows(await pool.withConnection((connection) => this.send(connection, sql, parameters)));
  }

  private async send(connection: PoolConnection, sql: string, parameters: Parameters): Promise<QueryResult> {
    this.dataSource.logger.logQuery(sql, [...parameters]);
    try {
      return await runPrepared(connection, sql, parameters);
    } catch (error) {
      throw new QueryFailedError(sql, [...parameters], error as Error);
    }
  }

  /** `dataSource.query` would not tell the number of rows on SQLite. */
  private async changeThroughTypeOrm(sql: string, parameters: Parameters): Promise<number> {
    if (!this.areEscapesChecked) await this.checkEscapes();
    const queryRunner = this.dataSource.createQueryRunner();
    try {
      const { affected } = await queryRunner.query(sql, [...parameters], true);
      return affected ?? 0;
    } finally {
      await queryRunner.release();
    }
  }

  /** Before the first statement: these are sent as text, with the values in it. */
  private async checkEscapes(): Promise<void> {
    if (await ignoresBackslashes(this.dataSource)) throw new Error(`Janus needs ${BACKSLASHES_IGNORED}`);
    this.areEscapesChecked = true;
  }
}

function changedRows(result: QueryResult): number {
  return (result as ResultSetHeader).affectedRows;
}
