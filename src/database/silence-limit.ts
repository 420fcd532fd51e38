import type { Socket } from "node:net";

import type { PoolConnection } from "mysql2";
import type { QueryRunner } from "typeorm";

/** A statement took too long; nobody knows whether it was applied, or will be. */
export class StatementTimeoutError extends Error {
  readonly code = "ETIMEDOUT";

  constructor(milliseconds: number) {
    super(`No answer from the database within ${milliseconds} ms`);
  }
}

export interface StatementLimit {
  /** Milliseconds that a statement may take; longer than the database waits for a lock. Undefined is no limit. */
  readonly milliseconds: number | undefined;
  /** Is told every failure, before whoever sent the statement. */
  readonly onFailure: (error: Error) => void;
}

/** Statements as text, and prepared ones. */
const METHODS = ["query", "execute"] as const;

type Callback = (error: Error | null, ...answer: unknown[]) => void;
type Query = (statement: unknown, ...rest: unknown[]) => unknown;

/**
 * Bounds every statement that a connection is given from now on. A database that says nothing would otherwise hold the
 * connection, and the request, for as long as it pleases; the connection is given up together with the statement.
 * mysql2's own `timeout` would keep the connection, and answer a second time after one that broke.
 */
export function limitStatements(connection: PoolConnection, limit: StatementLimit): void {
  for (const method of METHODS) {
    if (Object.hasOwn(connection, method)) continue;
    const send = connection[method].bind(connection) as Query;
    const limited: Query = (statement, ...rest) => {
      const callback = rest.pop();
      // Without one the rows are read as a stream: who reads them decides how long that takes.
      if (!isCallback(callback)) return send(statement, ...rest, callback);
      return send(statement, ...rest, limitedCallback(connection, limit, callback));
    };
    Object.defineProperty(connection, method, { value: limited, configurable: true });
  }
}

/** Lets the statements of a query runner take as long as they do: the change of a schema, and the wait for another's. */
export async function allowSilence(queryRunner: QueryRunner): Promise<void> {
  liftStatementLimit((await queryRunner.connect()) as PoolConnection);
}

/** Lets the statements on a connection take their time, until the pool hands it out the next time. */
export function liftStatementLimit(connection: object): void {
  for (const method of METHODS) Reflect.deleteProperty(connection, method);
}

function limitedCallback(connection: PoolConnection, { milliseconds, onFailure }: StatementLimit, callback: Callback) {
  let timer: NodeJS.Timeout | undefined;
  let isAnswered = false;
  const answer: Callback = (error, ...result) => {
    if (isAnswered) return;
    isAnswered = true;
    clearTimeout(timer);
    if (error) onFailure(error);
    callback(error, ...result);
  };
  if (milliseconds !== undefined) {
    timer = setTimeout(() => {
      abandon(connection);
      answer(new StatementTimeoutError(milliseconds));
    }, milliseconds);
  }
  return answer;
}

function isCallback(value: unknown): value is Callback {
  return typeof value === "function";
}

/** mysql2's own `destroy` says good-bye first, which a database that does not listen leaves unanswered. */
function abandon(connection: PoolConnection): void {
  connection.destroy();
  socketOf(connection).destroy();
}

/** What a connection speaks through; mysql2's types leave it out. */
export function socketOf(connection: PoolConnection): Socket {
  return (connection as unknown as { stream: Socket }).stream;
}
