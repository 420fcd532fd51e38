import { createConnection } from "mysql2/promise";
import type { DataSource } from "typeorm";
import { createDataSource, type DataSourceSettings } from "../../src/database/data-source.js";
import { migrate } from "../../src/database/migrate.js";
import { LoginAttempt } from "../../src/limits/login-attempt.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { User } from "../../src/users/user.js";
import type { DatabaseServer } from "../support/database-server.js";

/** Data sources that a suite opened, so that one hook can close them. */
export class DataSources {
  readonly #open: DataSource[] = [];

  /** A connected data source; its schema is as the database has it. */
  async connect(url: string, settings: Partial<DataSourceSettings> = {}): Promise<DataSource> {
    const dataSource = createDataSource({ url, entities: [RefreshToken, User, LoginAttempt], ...settings });
    this.#open.push(await dataSource.initialize());
    return dataSource;
  }

  /** A connected data source with the schema of Janus. */
  async migrated(url: string): Promise<DataSource> {
    const dataSource = await this.connect(url);
    await migrate(dataSource);
    return dataSource;
  }

  async close(): Promise<void> {
    const open = this.#open.splice(0).filter((dataSource) => dataSource.isInitialized);
    await Promise.all(open.map((dataSource) => dataSource.destroy()));
  }
}

/** The URL of a new database on a server that the suite has for itself. */
export async function createDatabaseOn({ port, url }: DatabaseServer, name = "janus"): Promise<string> {
  const connection = await createConnection({ host: "127.0.0.1", port, user: "root" });
  await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  await connection.end();
  return `${url}/${name}`;
}
