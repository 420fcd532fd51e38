import mysql, { type Pool, type PoolOptions } from "mysql2";
import type { DataSourceOptions } from "typeorm";

import type { ServerTarget } from "./database-url.js";
import { limitSilence } from "./silence-limit.js";

type ServerOptions = Extract<DataSourceOptions, { type: "mysql" | "mariadb" }>;

/** Milliseconds. */
const CONNECT_TIMEOUT = 10_000;
/** Requests that may wait for a connection; a further one is told to come back later. */
const QUEUE_LIMIT = 1_000;

/**
 * What TypeORM has to know about a MySQL or MariaDB server.
 *
 * @param silenceLimit milliseconds after which a server that does not answer counts as gone
 */
export function serverOptions(target: ServerTarget, silenceLimit: number | undefined): ServerOptions {
  const { type, host, port, username, password, database, poolSize, tls } = target;
  return {
    type,
    host,
    port,
    username,
    password,
    database,
    poolSize,
    ...(tls && { ssl: { verifyIdentity: true, minVersion: "TLSv1.2" } }),
    charset: "utf8mb4",
    timezone: "Z",
    supportBigNumbers: true,
    connectTimeout: silenceLimit ?? CONNECT_TIMEOUT,
    extra: { queueLimit: QUEUE_LIMIT },
    isolationLevel: "READ COMMITTED",
    driver: { ...mysql, createPool: (options: PoolOptions) => createPool(type, options, silenceLimit) },
  };
}

/** A pool whose every connection is set up once, before its first statement. */
function createPool(type: ServerTarget["type"], options: PoolOptions, silenceLimit: number | undefined): Pool {
  const pool = mysql.createPool(options);
  if (silenceLimit !== undefined) limitSilence(pool, silenceLimit);
  pool.on("connection", (connection) => {
    for (const statement of SESSION_SETUP[type]) connection.query(statement, ignoreRefusal);
  });
  return pool;
}

const COMMON_SETUP = [
  // Statements lock the rows they touch and no gaps between them, so that sessions of different users never wait for each other.
  "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
  "SET SESSION innodb_lock_wait_timeout = 3",
  // What does not fit a column is an error, never cut: a shortened username would be another user's.
  "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')",
];

const SESSION_SETUP = {
  mysql: COMMON_SETUP,
  // In a Galera cluster a session opened on one node is then known on the next one, to reads (1) and to updates (2).
  mariadb: [...COMMON_SETUP, "SET SESSION wsrep_sync_wait = 3"],
};

/** Each setting only improves on the server's default: a server that does not know it is used as it is. */
function ignoreRefusal(): void {}
