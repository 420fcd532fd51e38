import { DataSource } from "typeorm";

import { type Logger, silentLogger } from "../logger.js";
import { parseDatabaseUrl } from "./database-url.js";
import { MIGRATIONS } from "./migrations/index.js";
import { IndexNamingStrategy } from "./naming-strategy.js";
import { serverOptions } from "./server-options.js";
import { SqlLogger } from "./sql-logger.js";
import { allowBinaryColumns, sqliteOptions } from "./sqlite-options.js";

/** The class of an entity or of a migration. */
export type DatabaseClass = new (...args: never[]) => object;

export interface DataSourceSettings {
  /** See `parseDatabaseUrl` for its forms. */
  readonly url: string;
  readonly entities: readonly DatabaseClass[];
  /** By default those of Janus. A host application lists its own behind them: `[...SESSION_MIGRATIONS, MyMigration]`. */
  readonly migrations?: readonly DatabaseClass[];
  readonly logger?: Logger;
  /** Milliseconds after which a server that does not answer counts as gone. By default statements are waited for. */
  readonly silenceLimit?: number;
}

/**
 * A TypeORM data source for SQLite, MySQL or MariaDB. It is not connected yet: call `initialize()`.
 *
 * @throws {DatabaseUrlError} when the URL names no database that Janus knows
 */
export function createDataSource(settings: DataSourceSettings): DataSource {
  const { url, entities, migrations = MIGRATIONS, logger = silentLogger, silenceLimit } = settings;
  const target = parseDatabaseUrl(url);
  const common = {
    entities: [...entities],
    migrations: [...migrations],
    migrationsTableName: "janus_migration",
    namingStrategy: new IndexNamingStrategy(),
    logger: new SqlLogger(logger),
  };
  if (target.type !== "sqlite") return new DataSource({ ...serverOptions(target, silenceLimit), ...common });
  const dataSource = new DataSource({ ...sqliteOptions(target), ...common });
  allowBinaryColumns(dataSource);
  return dataSource;
}

/** The database for people to read: everything but the password. */
export function describeDatabase(url: string): string {
  const target = parseDatabaseUrl(url);
  if (target.type === "sqlite") return target.path === ":memory:" ? "SQLite in memory" : `SQLite in ${target.path}`;
  const name = target.type === "mysql" ? "MySQL" : "MariaDB";
  const hosts = target.hosts.map(({ host, port }) => `${host}, port ${port}`);
  return `${name} database ${target.database} on ${hosts.join(" or ")}`;
}
