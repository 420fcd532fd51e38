import { expect } from "chai";
import { type DataSource, type MigrationInterface, type QueryRunner, Table } from "typeorm";
import { DatabaseError } from "../../src/database/database-error.js";
import { migrate, pendingMigrations } from "../../src/database/migrate.js";
import { MIGRATIONS } from "../../src/database/migrations/index.js";
import { onEachDatabase, onOwnDatabaseServer } from "../support/databases.js";
import { createDatabaseOn, DataSources } from "./open-data-source.js";

const ALL = ["CreateRefreshToken1735689600000", "CreateUser1735689601000", "CreateLoginAttempt1735689602000"];

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
    expect(await tables(dataSource)).to.deep.equal(["janus_migration", "refresh_token", "janus_user"]);
    expect(await pendingMigrations(dataSource)).to.deep.equal(["CreateLoginAttempt1735689602000"]);
    await dataSource.undoLastMigration();
    await dataSource.undoLastMigration();
    expect(await tables(dataSource)).to.deep.equal(["janus_migration"]);
    expect(await migrate(dataSource)).to.deep.equal(ALL);
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
    expect(pauses).to.deep.equal([500, 500, 500]);
  });
});
