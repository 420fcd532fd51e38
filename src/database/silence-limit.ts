import type { Socket } from "node:net";

import type { Pool, PoolConnection } from "mysql2";
import type { QueryRunner } from "typeorm";

/**
 * Gives up connections on which the database has been silent for so long while somebody waits for it, as behind a broken
 * network: whoever waits is told that it cannot be reached, and the next one gets another connection.
 *
 * mysql2's own limit for a statement would leave the connection in the pool, and the next statement waiting on it.
 *
 * @param limit milliseconds
 */
export function limitSilence(pool: Pool, limit: number): void {
  pool.on("connection", (connection) => {
    const socket = socketOf(connection);
    socket.on("timeout", () => void socket.destroy(silence(limit)));
  });
  pool.on("acquire", (connection) => void socketOf(connection).setTimeout(limit));
  pool.on("release", (connection) => void socketOf(connection).setTimeout(0));
}

/** Lets the statements of a query runner take as long as they do: the change of a schema, and the wait for another's. */
export async function allowSilence(queryRunner: QueryRunner): Promise<void> {
  socketOf((await queryRunner.connect()) as PoolConnection).setTimeout(0);
}

/** mysql2 has it, and no type for it. */
function socketOf(connection: PoolConnection): Socket {
  return (connection as unknown as { stream: Socket }).stream;
}

function silence(limit: number): Error {
  return Object.assign(new Error(`No answer from the database within ${limit} ms`), { code: "ETIMEDOUT" });
}
