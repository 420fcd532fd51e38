import { expect } from "chai";
import { DataSource, type MigrationInterface, type QueryRunner, Table } from "typeorm";
import { createDataSource } from "../../src/database/data-source.js";
import { DatabaseError } from "../../src/database/database-error.js";
import { migrate, pendingMigrations } from "../../src/database/migrate.js";
import { MIGRATIONS } from "../../src/database/migrations/index.js";
import { allowBinaryColumns } from "../../src/database/sqlite-options.js";
import { LoginAttempt } from "../../src/limits/login-attempt.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { TypeOrmUsers } from "../../src/users/typeorm-users.js";
import { User } from "../../src/users/user.js";
import { onEachDatabase, onOwnDatabaseServer } from "../support/databases.js";
import { rejection } from "../support/rejection.js";
import { CHEAP_HASHER } from "../support/running-server.js";
import { createDatabaseOn, DataSources } from "./open-data-source.js";

const ALL = [
  "CreateRefreshToken1735689600000",
  "CreateUser1735689601000",
  "CreateLoginAttempt1735689602000",
  "ExactUserRights1735689603000",
];

/** Gets half of its work done. */
class Fails1735689699000 implements MigrationInterface {
  readonly name = "Fails1735689699000";

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(new Table({ name: "half_done", columns: [{ name: "id", type: "integer" }] }));
    await queryRunner.query("SELECT nothing FROM nowhere");
  }

  async down(): Promise<void> {}
}

async function tables(dataSource: DataSource): Promise<string[]> {
  const queryRunner = dataSource.createQueryRunner();
  const found: string[] = [];
  for (const name of ["janus_migration", "refresh_token", "janus_user", "login_attempt", "half_done"]) {
    if (await queryRunner.hasTable(name)) found.push(name);
  }
  await queryRunner.release();
  return found;
}

onEachDatabase("migrate", (createDatabase) => {
  const dataSources = new DataSources();
  afterEach(() => dataSources.close());

  it("brings an empty database up to date, once", async () => {
    const dataSource = await dataSources.connect(await createDatabase());
    expect(await pendingMigrations(dataSource)).to.deep.equal(ALL);
    expect(await tables(dataSource)).to.deep.equal([]); // asking changed nothing
    expect(await migrate(dataSource)).to.deep.equal(ALL);
    expect(await tables(dataSource)).to.deep.equal(["janus_migration", "refresh_token", "janus_user", "login_attempt"]);
    expect(await pendingMigrations(dataSource)).to.deep.equal([]);
    expect(await migrate(dataSource)).to.deep.equal([]);
  });

  it("can be undone, one migration after the other, and repeated", async () => {
    const dataSource = await dataSources.connect(await createDatabase());
    await migrate(dataSource);
    await dataSource.undoLastMigration();
    expect(await pendingMigrations(dataSource)).to.deep.equal(ALL.slice(3));
    await dataSource.undoLastMigration();
    expect(await tables(dataSource)).to.deep.equal(["janus_migration", "refresh_token", "janus_user"]);
    expect(await pendingMigrations(dataSource)).to.deep.equal(ALL.slice(2));
    await dataSource.undoLastMigration();
    await dataSource.undoLastMigration();
    expect(await tables(dataSource)).to.deep.equal(["janus_migration"]);
    expect(await migrate(dataSource)).to.deep.equal(ALL);
  });

  it("lets roles and permissions of a table from before have any character, and keeps those that are there", async () => {
    const url = await createDatabase();
    const dataSource = await dataSources.connect(url, { migrations: MIGRATIONS.slice(0, 2) });
    if (dataSource.options.type !== "better-sqlite3") await dataSource.query("ALTER DATABASE CHARACTER SET latin1");
    await migrate(dataSource);
    const users = new TypeOrmUsers(dataSource, CHEAP_HASHER);
    const zoe = { username: "zoe", password: "secret", roles: ["pâtissière", "a\\b"], permissions: ["crème.brûlée"] };
    const before = await users.create(zoe, new Date(0));
    const ivan = { username: "ivan", password: "secret", roles: ["редактор"], permissions: ["料理長 😀"] };
    if (dataSource.options.type !== "better-sqlite3") {
      expect(await rejection(users.create(ivan, new Date(0)))).to.have.property("errno", 1366); // Incorrect string value
    }

    const upgraded = await dataSources.migrated(url);
    const after = new TypeOrmUsers(upgraded, CHEAP_HASHER);
    expect(await after.findByNaturalKey("zoe")).to.deep.equal(before);
    expect(await after.create(ivan, new Date(0))).to.deep.equal(await after.findByNaturalKey("ivan"));
    expect(await after.findByNaturalKey("ivan")).to.deep.include({ roles: ivan.roles, permissions: ivan.permissions });
  });

  it("makes the tables that the entities describe where a host has a prefix before all of its own", async () => {
    const { options } = createDataSource({ url: await createDatabase(), entities: [RefreshToken, User, LoginAttempt] });
    const dataSource = new DataSource({ ...options, entityPrefix: "app_" });
    if (options.type === "better-sqlite3") allowBinaryColumns(dataSource);
    await dataSource.initialize();
    try {
      expect(await migrate(dataSource)).to.deep.equal(ALL);
      expect(await tables(dataSource)).to.deep.equal(["janus_migration"]);
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries).to.deep.equal([]);
      for (const entity of [RefreshToken, User, LoginAttempt]) {
        expect(await dataSource.getRepository<object>(entity).count()).to.equal(0);
      }
      for (let undone = 0; undone < ALL.length; undone += 1) await dataSource.undoLastMigration();
      expect(await pendingMigrations(dataSource)).to.deep.equal(ALL);
      expect(await migrate(dataSource)).to.deep.equal(ALL);
    } finally {
      await dataSource.destroy();
    }
  });

  it("runs every migration once when several servers start together", async () => {
    const url = await createDatabase();
    const servers = await Promise.all([1, 2, 3, 4].map(() => dataSources.connect(url)));
    const ran = await Promise.all(servers.map((server) => migrate(server)));
    expect(ran.filter((names) => names.length > 0)).to.deep.equal([ALL]);
    const recorded = await servers[0]?.query("SELECT name FROM janus_migration ORDER BY id");
    expect(recorded).to.deep.equal(ALL.map((name) => ({ name })));
  });

  it("reports a migration that fails, and leaves nothing locked", async () => {
    const url = await createDatabase();
    const dataSource = await dataSources.connect(url, { migrations: [...MIGRATIONS, Fails1735689699000] });
    const isSqlite = dataSource.options.type === "better-sqlite3";
    const error = await migrate(dataSource).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(DatabaseError).with.property("statement", "SELECT nothing FROM nowhere");
    expect(await tables(dataSource)).to.deep.equal(
      isSqlite ? [] : ["janus_migration", "refresh_token", "janus_user", "login_attempt", "half_done"],
    );
    const second = await dataSources.connect(url);
    expect(await migrate(second)).to.deep.equal(isSqlite ? ALL : []);
  });

  it("reports a table of the same name that nobody's migration made", async () => {
    const dataSource = await dataSources.connect(await createDatabase());
    await dataSource.query("CREATE TABLE refresh_token (id integer)");
    const error = await migrate(dataSource, { sleep: async () => {} }).catch((reason: unknown) => reason);
    expect(error)
      .to.be.instanceOf(DatabaseError)
      .with.property("message")
      .that.matches(/refresh_token.*already exists/);
  });
});

onOwnDatabaseServer("migrate, on two nodes of a cluster at once", (server) => {
  const dataSources = new DataSources();
  after(() => dataSources.close());

  it("waits for the other node, and takes its work for done", async () => {
    const url = await createDatabaseOn(server());
    const [thisNode, otherNode] = await Promise.all([dataSources.connect(url), dataSources.connect(url)]);
    await migrate(otherNode);
    await otherNode.query("DELETE FROM janus_migration"); // it has made its tables, and not yet said so
    const pauses: number[] = [];
    const sleep = async (milliseconds: number) => {
      pauses.push(milliseconds);
      const [next] = await pendingMigrations(otherNode);
      await otherNode.query("INSERT INTO janus_migration (timestamp, name) VALUES (?, ?)", [1, next]);
    };
    expect(await migrate(thisNode, { sleep })).to.deep.equal([]);
    expect(pauses).to.deep.equal(ALL.map(() => 500));
  });
});

/** ER_LOCK_DEADLOCK, as the server says it itself: in Galera every statement may be refused for another node's. */
const CONFLICT = "SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213, MESSAGE_TEXT = 'Deadlock found'";

/** A migration that sends a statement of trouble at its first runs, each time before it does anything. */
function troubled(statement: string, times: number) {
  let runs = 0;
  return class Troubled1735689699000 implements MigrationInterface {
    readonly name = "Troubled1735689699000";

    async up(queryRunner: QueryRunner): Promise<void> {
      if ((runs += 1) <= times) await queryRunner.query(statement);
      await queryRunner.createTable(new Table({ name: "half_done", columns: [{ name: "id", type: "integer" }] }));
    }

    async down(): Promise<void> {}
  };
}

onOwnDatabaseServer("migrate, in conflict with another node", (server) => {
  const dataSources = new DataSources();
  let url = "";
  before(async () => (url = await createDatabaseOn(server())));
  afterEach(async () => {
    await (await dataSources.connect(url)).dropDatabase();
    await dataSources.close();
  });
  const withMigration = (statement: string, times: number) =>
    dataSources.connect(url, { migrations: [...MIGRATIONS, troubled(statement, times)] });

  it("begins again where the look at the schema is refused", async () => {
    const dataSource = await dataSources.connect(url);
    const createQueryRunner = dataSource.createQueryRunner.bind(dataSource);
    let looks = 0;
    dataSource.createQueryRunner = (...given) => {
      const queryRunner = createQueryRunner(...given);
      const hasTable = queryRunner.hasTable.bind(queryRunner);
      queryRunner.hasTable = async (name) => {
        if ((looks += 1) === 1) await queryRunner.query(CONFLICT);
        return hasTable(name);
      };
      return queryRunner;
    };
    expect(await migrate(dataSource)).to.deep.equal(ALL);
    expect(looks).to.be.above(1);
  });

  for (const [trouble, statement] of [
    ["is refused", CONFLICT],
    ["loses its connection", "KILL CONNECTION_ID()"],
  ] as const) {
    it(`runs the rest where a migration ${trouble}, and names all of them once`, async () => {
      const dataSource = await withMigration(statement, 2);
      const pauses: number[] = [];
      const ran = await migrate(dataSource, { sleep: async (milliseconds) => pauses.push(milliseconds) });
      expect(ran).to.deep.equal([...ALL, "Troubled1735689699000"]);
      expect(pauses).to.have.length(2);
      const recorded = await dataSource.query("SELECT name FROM janus_migration ORDER BY id");
      expect(recorded).to.deep.equal(ran.map((name) => ({ name })));
    });
  }

  it("gives up after five attempts, and leaves nothing locked", async () => {
    const pauses: number[] = [];
    const sleep = async (milliseconds: number) => pauses.push(milliseconds);
    const error = await migrate(await withMigration(CONFLICT, 5), { sleep }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(DatabaseError).with.property("errno", 1213);
    expect(pauses).to.have.length(4);
    expect(await migrate(await dataSources.connect(url))).to.deep.equal([]);
  });
});
