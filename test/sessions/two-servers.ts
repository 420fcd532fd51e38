import type { DataSource } from "typeorm";
import { TypeOrmRefreshTokens } from "../../src/sessions/typeorm-refresh-tokens.js";
import { DataSources } from "../database/open-data-source.js";

/** The sessions of one database as two servers see them, for the tests of a suite. */
export interface TwoServers {
  /** What `sessions` sends its statements through. */
  readonly dataSource: DataSource;
  readonly sessions: TypeOrmRefreshTokens;
  readonly anotherServer: TypeOrmRefreshTokens;
}

/** Opens them before the suite that calls this, and closes them after it. */
export function twoServers(createDatabase: () => Promise<string>): { readonly servers: TwoServers } {
  const dataSources = new DataSources();
  let servers: TwoServers | undefined;
  before(async () => {
    const url = await createDatabase();
    const dataSource = await dataSources.migrated(url);
    const anotherServer = new TypeOrmRefreshTokens(await dataSources.connect(url));
    servers = { dataSource, sessions: new TypeOrmRefreshTokens(dataSource), anotherServer };
  });
  after(() => dataSources.close());
  return {
    get servers() {
      if (!servers) throw new Error("there are servers only while the tests run");
      return servers;
    },
  };
}
