import { expect } from "chai";
import { createConnection } from "mysql2/promise";
import { DataSource } from "typeorm";
import { BACKSLASHES_IGNORED } from "../../src/database/backslash-escapes.js";
import { EntityTable } from "../../src/database/entity-table.js";
import { createAuth, migrate, MIGRATIONS, RefreshToken, TypeOrmUsers, User } from "../../src/index.js";
import { onOwnDatabaseServer } from "../support/databases.js";
import { refusal } from "../support/faces.js";
import { SECRET_KEY } from "../support/forge.js";
import { rejection } from "../support/rejection.js";
import { CHEAP_HASHER } from "../support/running-server.js";
import { statementsDuring } from "../support/statements.js";
import { PASSWORD, testContext } from "../support/test-context.js";
import { createDatabaseOn, DataSources } from "./open-data-source.js";

/** Names that end their text and go on as SQL where the backslash before a quote is a letter. */
const SQL_AS_NAMES = ["' OR 1=1 -- ", "x') OR 1=1 -- ", "\\') OR 1=1 -- ", "x', (SELECT username)) -- "];

onOwnDatabaseServer("a server on which backslashes escape nothing", (server) => {
  before(() => setGlobal("sql_mode = 'ERROR_FOR_DIVISION_BY_ZERO,NO_BACKSLASH_ESCAPES,NO_ZERO_DATE'"));

  async function setGlobal(assignment: string): Promise<void> {
    const connection = await createConnection({ host: "127.0.0.1", port: server().port, user: "root" });
    await connection.query(`SET GLOBAL ${assignment}`);
    await connection.end();
  }

  describe("behind createServer", () => {
    const context = testContext({}, () => createDatabaseOn(server()));
    before(() => setGlobal("max_prepared_stmt_count = 0")); // Then all statements are texts with the values in them.
    after(() => setGlobal("max_prepared_stmt_count = 16382"));

    it("has its other modes on our connections", async () => {
      const { dataSource } = context.server.application;
      const [row] = await dataSource.query<{ mode: string }[]>("SELECT @@sql_mode AS mode");
      const expected = ["ERROR_FOR_DIVISION_BY_ZERO", "NO_ZERO_DATE", "STRICT_ALL_TABLES"];
      expect(row?.mode.split(",")).to.include.members(expected).and.not.include("NO_BACKSLASH_ESCAPES");
    });

    it("keeps roles as they are", async () => {
      const roles = ["chef", 'the "best"', "back\\slash"];
      const { username } = await context.createUser({ roles });
      expect(await context.server.application.users.findByNaturalKey(username)).to.deep.include({ roles });
    });

    it("finds nobody for a name that would be SQL, and runs nothing of it", async () => {
      await context.createUser();
      const table = new EntityTable(context.server.application.dataSource, User);
      for (const name of SQL_AS_NAMES) expect(await table.findBy("username", [name]), name).to.deep.equal([]);
    });

    it("lets users log in, and nobody by SQL, over both faces", async () => {
      const { username } = await context.createUser({ roles: ["chef"] });
      for (const face of context.faces) {
        expect(await face.tokenAuth({ username, password: PASSWORD })).to.have.property("data");
        for (const name of SQL_AS_NAMES) {
          expect(await face.tokenAuth({ username: name, password: PASSWORD })).to.deep.equal(
            refusal(face, "INVALID_CREDENTIALS", "Please enter valid credentials"),
          );
        }
      }
    });
  });

  describe("behind a data source of the host's own", () => {
    const dataSources = new DataSources();
    let dataSource: DataSource;
    before(async () => {
      const url = await createDatabaseOn(server(), "host");
      await migrate(await dataSources.connect(url));
      const type = url.startsWith("mariadb:") ? "mariadb" : "mysql";
      const entities = [RefreshToken, User];
      dataSource = await new DataSource({
        type,
        url,
        timezone: "Z",
        entities,
        migrations: [...MIGRATIONS],
      }).initialize();
    });
    after(async () => {
      await dataSources.close();
      await dataSource.destroy();
    });

    it("is refused by createAuth", async () => {
      const users = new TypeOrmUsers(dataSource, CHEAP_HASHER);
      const settings = { profile: "hardened" } as const;
      const error = await rejection(createAuth({ users, dataSource, secretKey: SECRET_KEY, settings }));
      expect(error).to.have.property("name", "SettingsError");
      expect(error).to.have.property(
        "message",
        "The settings are not valid:\nlongRunningRefreshToken needs a data source without NO_BACKSLASH_ESCAPES in its " +
          "sql_mode: take it out of the server's, or use createDataSource",
      );
    });

    it("is asked for no user, and told of no change", async () => {
      const users = new TypeOrmUsers(dataSource, CHEAP_HASHER);
      const refused = async (work: () => Promise<unknown>) => {
        const sent = await statementsDuring(dataSource, async () => {
          expect(await rejection(work())).to.have.property("message", `Janus needs ${BACKSLASHES_IGNORED}`);
        });
        expect(sent).to.deep.equal(["SELECT @@sql_mode AS mode"]);
      };
      for (const name of ["alice", ...SQL_AS_NAMES]) await refused(() => users.findByNaturalKey(name));
      const table = new EntityTable(dataSource, RefreshToken);
      await refused(() => table.update({ set: { userAgent: "'" }, where: { id: "1" } }));
    });

    it("is taken once the mode is gone from its connections", async () => {
      const users = new TypeOrmUsers(dataSource, CHEAP_HASHER);
      await dataSource.destroy();
      await setGlobal("sql_mode = 'NO_ZERO_DATE'");
      await dataSource.initialize();
      expect(await users.findByNaturalKey("alice")).to.equal(null);
      const sent = await statementsDuring(dataSource, () => users.findByNaturalKey("alice"));
      expect(sent).to.have.length(1); // It is asked for its mode once.
      const settings = { profile: "hardened" } as const;
      expect(await createAuth({ users, dataSource, secretKey: SECRET_KEY, settings })).to.have.property("service");
    });
  });
});
