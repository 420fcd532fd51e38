import { DataSource } from "typeorm";
import {
  allowBinaryColumns,
  createDataSource,
  migrate,
  RefreshToken,
  SESSION_MIGRATIONS,
  sqliteDriver,
} from "../../../src/index.js";
import { CreateRecipe1735689600500, RecipeRow } from "./recipe-row.js";

const entities = [RecipeRow, RefreshToken];
const migrations = [...SESSION_MIGRATIONS, CreateRecipe1735689600500];

/** The two ways for a host to come to a data source: with ours, or with TypeORM's own class and migration runner. */
export const dataSources: Readonly<Record<string, (url: string) => Promise<DataSource>>> = {
  async "made by createDataSource"(url) {
    const dataSource = await createDataSource({ url, entities, migrations }).initialize();
    await migrate(dataSource);
    return dataSource;
  },

  async "of TypeORM's own making"(url) {
    const dataSource = plainDataSource(url);
    await dataSource.initialize();
    await dataSource.runMigrations();
    return dataSource;
  },

  async "of TypeORM's own making, with a prefix before its tables"(url) {
    const dataSource = plainDataSource(url, "app_");
    await dataSource.initialize();
    await migrate(dataSource);
    return dataSource;
  },
};

function plainDataSource(url: string, entityPrefix = ""): DataSource {
  const common = { entities, migrations, entityPrefix };
  if (!url.startsWith("sqlite:")) {
    const type = url.startsWith("mariadb:") ? "mariadb" : "mysql";
    return new DataSource({ type, url, timezone: "Z", ...common });
  }
  const driver = sqliteDriver();
  const dataSource = new DataSource({ type: "better-sqlite3", driver, database: url.slice(7), ...common });
  allowBinaryColumns(dataSource);
  return dataSource;
}
