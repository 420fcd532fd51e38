import { expect } from "chai";
import type { PoolConnection } from "mysql2";
import type { DataSource } from "typeorm";
import { EntityTable } from "../../src/database/entity-table.js";
import { FailoverPool } from "../../src/database/failover-pool.js";
import { sendText } from "../../src/database/prepared-statement.js";
import { User } from "../../src/users/user.js";
import { onOwnDatabaseServer } from "../support/databases.js";
import { statementsDuring } from "../support/statements.js";
import { createDatabaseOn, DataSources } from "./open-data-source.js";

const AT = new Date("2026-01-01T12:00:00.123Z");

onOwnDatabaseServer("prepared statements", (server) => {
  const dataSources = new DataSources();
  let dataSource: DataSource;
  let table: EntityTable<User>;
  before(async () => {
    dataSource = await dataSources.migrated(`${await createDatabaseOn(server())}?poolSize=1`);
    table = new EntityTable(dataSource, User);
    const common = { passwordHash: "x", isActive: true, isSuperuser: false, permissions: [], tokensValidAfter: AT };
    await dataSource.getRepository(User).insert([
      { ...common, id: "1", username: "alice", email: null, isStaff: true, roles: [], created: AT },
      { ...common, id: "2", username: "Zoë 😀", email: "zoë@example.com", isStaff: false, roles: ["a"], created: AT },
    ]);
  });
  after(() => dataSources.close());

  function onTheConnection<T>(use: (connection: PoolConnection) => Promise<T>): Promise<T> {
    const pool = FailoverPool.of(dataSource);
    if (!pool) throw new Error("the data source has no pool of ours");
    return pool.withConnection(use);
  }

  async function variable(name: string): Promise<number> {
    const rows = await onTheConnection((connection) => sendText(connection, `SHOW GLOBAL STATUS LIKE '${name}'`));
    return Number((rows as { Value: string }[])[0]?.Value);
  }

  async function names(): Promise<string[]> {
    return (await table.findBy("username", ["alice", "Zoë 😀"])).map(({ username }) => username).toSorted();
  }

  it("read the same as TypeORM does", async () => {
    const expected = await dataSource.getRepository(User).find({ order: { id: "ASC" } });
    const found = await table.findBy("username", ["Zoë 😀", "alice"]);
    expect(found.toSorted((one, other) => (one.id < other.id ? -1 : 1))).to.deep.equal(expected);
    expect(found[0]).to.be.instanceOf(User);
  });

  it("are prepared once for each connection, and few whatever is asked for", async () => {
    const texts = new Set<string>();
    const find = async () => {
      for (let count = 1; count <= 64; count++) {
        const keys = Array.from({ length: count }, (_, index) => (index === 0 ? "alice" : `nobody ${index}`));
        const sent = await statementsDuring(dataSource, async () => {
          expect((await table.findBy("username", keys)).map(({ username }) => username)).to.deep.equal(["alice"]);
        });
        for (const text of sent) texts.add(text);
      }
    };
    await find();
    expect(texts.size).to.equal(6); // 1, 4, 8, 16, 32 and 64 keys
    const [prepared, executed] = [await variable("Com_stmt_prepare"), await variable("Com_stmt_execute")];
    await find();
    expect(await variable("Com_stmt_prepare")).to.equal(prepared);
    expect(await variable("Com_stmt_execute")).to.equal(executed + 64); // none was sent as text
  });

  it("are sent as text where the server prepares no more of them", async () => {
    await onTheConnection((connection) => sendText(connection, "SET GLOBAL max_prepared_stmt_count = 0"));
    try {
      const fresh = await dataSources.connect(await urlOfTheSame());
      const found = await new EntityTable(fresh, User).findBy("username", ["alice"]);
      expect(found).to.deep.equal(await fresh.getRepository(User).findBy({ username: "alice" }));
    } finally {
      await onTheConnection((connection) => sendText(connection, "SET GLOBAL max_prepared_stmt_count = 16382"));
    }
  });

  it("are prepared again after the server has forgotten them", async () => {
    const [text = ""] = await statementsDuring(dataSource, names);
    await onTheConnection(async (connection) => {
      await new Promise<void>((resolve, reject) => {
        // Of the same text mysql2 hands out the one it keeps; closed like this it does not know that it is gone.
        connection.prepare(text, (error, statement) => {
          if (error) return reject(error);
          statement.close();
          resolve();
        });
      });
    });
    expect(await names()).to.deep.equal(["Zoë 😀", "alice"]);
  });

  it("go on after a change of the schema", async () => {
    await names();
    await dataSource.query("ALTER TABLE janus_user ADD COLUMN later integer NULL FIRST");
    expect(await names()).to.deep.equal(["Zoë 😀", "alice"]);
  });

  async function urlOfTheSame(): Promise<string> {
    return `${server().url}/janus`;
  }
});
