import { expect } from "chai";
import type { DataSource } from "typeorm";
import { migrate } from "../../src/database/migrate.js";
import { withDatabase } from "../../src/database/retry.js";
import { ServiceUnavailableError } from "../../src/errors.js";
import { onOwnDatabaseServer } from "../support/databases.js";
import { createDatabaseOn, DataSources } from "./open-data-source.js";

const LIMIT = 300; // milliseconds

onOwnDatabaseServer("a limit on the silence of the database", (server) => {
  const dataSources = new DataSources();
  let url: string;
  let dataSource: DataSource;
  before(async () => {
    url = await createDatabaseOn(server());
    dataSource = await dataSources.connect(`${url}?poolSize=2`, { silenceLimit: LIMIT });
  });
  after(() => dataSources.close());

  it("ends the wait of those who wait for an answer, for a connection, and in the queue for one", async () => {
    await dataSource.query("SELECT 1");
    server().freeze();
    try {
      const attempts = Array.from({ length: 6 }, () => withDatabase(() => dataSource.query("SELECT 1")));
      for (const attempt of await Promise.allSettled(attempts)) {
        expect(attempt).to.have.property("reason").that.is.instanceOf(ServiceUnavailableError);
        expect(attempt).to.have.nested.property("reason.cause.code", "ETIMEDOUT");
      }
    } finally {
      server().thaw();
    }
    expect(await dataSource.query("SELECT 1 AS one")).to.deep.equal([{ one: 1 }]);
  });

  it("is none for a connection that nobody uses", async () => {
    const id = async () => (await dataSource.query<{ id: number }[]>("SELECT CONNECTION_ID() AS id"))[0]?.id;
    const before = await id();
    await new Promise((resolve) => setTimeout(resolve, LIMIT + 100));
    expect(await id()).to.equal(before);
  });

  it("is none for a migration, which takes as long as it takes", async () => {
    class Slow1735689699000 {
      async up(queryRunner: { query(sql: string): Promise<unknown> }): Promise<void> {
        await queryRunner.query(`SELECT SLEEP(${(LIMIT + 200) / 1000})`);
      }
      async down(): Promise<void> {}
    }
    const slow = await dataSources.connect(url, { silenceLimit: LIMIT, migrations: [Slow1735689699000] });
    expect(await migrate(slow)).to.deep.equal(["Slow1735689699000"]);
  });
});
