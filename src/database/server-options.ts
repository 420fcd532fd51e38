import type { PoolOptions } from "mysql2";
import type { DataSourceOptions } from "typeorm";

import type { ServerTarget } from "./database-url.js";
import { FailoverPool } from "./failover-pool.js";
import { mysqlDriver } from "./mysql-driver.js";
import type { HostRules } from "./pooled-host.js";

type ServerOptions = Extract<DataSourceOptions, { type: "mysql" | "mariadb" }>;

/** Milliseconds, for the network and the handshake. */
const CONNECT_TIMEOUT = 2_000;
/** Milliseconds; more than CONNECT_TIMEOUT, or a host that does not answer would look like a busy one. */
const ACQUIRE_TIMEOUT = 2_500;
/** Milliseconds. */
const RETRY_PAUSE = 5_000;
/** Requests that may wait for a connection; a further one is told to come back later. */
const QUEUE_LIMIT = 1_000;
/** Seconds; less than the server's `silenceLimit`, so that whoever waits for a lock is told by the database. */
const LOCK_WAIT_TIMEOUT = 3;

/**
 * What TypeORM has to know about MySQL or MariaDB servers.
 *
 * @param silenceLimit milliseconds after which a server that does not answer counts as gone
 */
export function serverOptions(target: ServerTarget, silenceLimit: number | undefined): ServerOptions {
  const { type, hosts, username, password, database, poolSize, tls } = target;
  const rules: HostRules = {
    required: [SQL_MODE],
    setup: SESSION_SETUP[type],
    acquireTimeout: ACQUIRE_TIMEOUT,
    statementTimeout: silenceLimit,
    retryPause: RETRY_PAUSE,
  };
  return {
    type,
    username,
    password,
    database,
    poolSize,
    ...(tls && { ssl: { verifyIdentity: true, minVersion: "TLSv1.2" } }),
    charset: "utf8mb4",
    timezone: "Z",
    supportBigNumbers: true,
    connectTimeout: Math.min(CONNECT_TIMEOUT, silenceLimit ?? CONNECT_TIMEOUT),
    extra: { queueLimit: QUEUE_LIMIT },
    isolationLevel: "READ COMMITTED",
    driver: { ...mysqlDriver(), createPool: (options: PoolOptions) => new FailoverPool(hosts, options, rules) },
  };
}

/**
 * What does not fit a column is an error, never cut: a shortened username would be another user's. And in statements that are
 * sent as text mysql2 escapes quotes with backslashes: where they mean nothing, a name could end the text and go on as SQL.
 */
const SQL_MODE =
  "SET SESSION sql_mode = REPLACE(CONCAT(@@sql_mode, ',STRICT_ALL_TABLES'), 'NO_BACKSLASH_ESCAPES', 'STRICT_ALL_TABLES')";

const COMMON_SETUP = [
  // Statements lock the rows they touch and no gaps between them, so that sessions of different users never wait for each other.
  "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
  `SET SESSION innodb_lock_wait_timeout = ${LOCK_WAIT_TIMEOUT}`,
];

const SESSION_SETUP = {
  mysql: COMMON_SETUP,
  // In a Galera cluster a session opened on one node is then known on the next one, to reads (1) and to updates (2).
  mariadb: [...COMMON_SETUP, "SET SESSION wsrep_sync_wait = 3"],
};
