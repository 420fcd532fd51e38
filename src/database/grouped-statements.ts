import type { DataSource } from "typeorm";

/** What is used of better-sqlite3. */
interface Connection {
  prepare(sql: string): Statement;
  transaction<T>(work: () => T): { immediate(): T };
}

interface Statement {
  all(...parameters: unknown[]): unknown[];
}

/** Someone who waits for the rows of a statement. */
interface Waiter {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly resolve: (rows: unknown[]) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Runs the statements of one turn of the event loop in one transaction of SQLite, in their order. It waits for the disk
 * at each commit, and the whole process with it: of many requests that arrive together each would wait for all before it.
 */
export class GroupedStatements {
  private waiters: Waiter[] = [];

  /** @param dataSource of SQLite */
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The rows that a statement with RETURNING answers. What goes wrong with one goes wrong with all of the turn, and
   * nothing of them is kept.
   */
  query<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    return new Promise<unknown[]>((resolve, reject) => {
      if (this.waiters.length === 0) setImmediate(() => this.flush());
      this.waiters.push({ sql, parameters, resolve, reject });
    }) as Promise<Row[]>;
  }

  private flush(): void {
    const waiters = this.waiters.splice(0);
    try {
      const answers = this.runAll(waiters);
      waiters.forEach(({ resolve }, index) => resolve(answers[index] ?? []));
    } catch (error) {
      for (const { reject } of waiters) reject(error);
    }
  }

  private runAll(waiters: readonly Waiter[]): unknown[][] {
    const { databaseConnection: connection } = this.dataSource.driver as unknown as { databaseConnection: Connection };
    const prepared = new Map<string, Statement>();
    const prepare = (sql: string): Statement => {
      const statement = prepared.get(sql) ?? connection.prepare(sql);
      prepared.set(sql, statement);
      return statement;
    };
    // Immediate: one that began by reading would be refused where another process writes meanwhile.
    const run = () => waiters.map(({ sql, parameters }) => prepare(sql).all(...parameters));
    return connection.transaction(run).immediate();
  }
}
