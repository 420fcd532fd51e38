import { expect } from "chai";
import type { DataSource } from "typeorm";
import { createDataSource, describeDatabase } from "../../src/database/data-source.js";
import { DatabaseUrlError } from "../../src/database/database-url.js";
import { onEachDatabase } from "../support/databases.js";
import { DataSources } from "./open-data-source.js";

describe("describeDatabase", () => {
  it("tells everything but the password", () => {
    expect(describeDatabase("sqlite:.janus/janus.sqlite")).to.equal("SQLite in .janus/janus.sqlite");
    expect(describeDatabase("sqlite::memory:")).to.equal("SQLite in memory");
    expect(describeDatabase("mysql://janus:hunter2@db.example/auth")).to.equal(
      "MySQL database auth on db.example, port 3306",
    );
    expect(describeDatabase("mariadb://janus:hunter2@[::1]:3307/auth")).to.equal(
      "MariaDB database auth on ::1, port 3307",
    );
    expect(describeDatabase("mariadb://janus:hunter2@a.example:3307,b.example/auth")).to.equal(
      "MariaDB database auth on a.example, port 3307 or b.example, port 3306",
    );
  });
});

describe("createDataSource", () => {
  it("refuses a URL that names no database, without telling the password", () => {
    expect(() => createDataSource({ url: "postgres://janus:hunter2@db.example/auth", entities: [] }))
      .to.throw(DatabaseUrlError, /^Unknown kind of database "postgres:": use /)
      .with.property("message")
      .that.does.not.include("hunter2");
  });

  it("opens a SQLite database in memory", async () => {
    const dataSource = await createDataSource({ url: "sqlite::memory:", entities: [] }).initialize();
    expect(await dataSource.query("SELECT 1 AS one")).to.deep.equal([{ one: 1 }]);
    await dataSource.destroy();
  });
});

async function sqliteSettings(dataSource: DataSource) {
  const [[journal], [foreignKeys], [busy]] = await Promise.all(
    ["journal_mode", "foreign_keys", "busy_timeout"].map((name) => dataSource.query(`PRAGMA ${name}`)),
  );
  return { ...journal, ...foreignKeys, ...busy };
}

async function serverSettings(dataSource: DataSource) {
  const rows: { Variable_name: string; Value: string }[] = await dataSource.query(
    `SHOW SESSION VARIABLES WHERE Variable_name IN
       ('tx_isolation', 'transaction_isolation', 'innodb_lock_wait_timeout', 'character_set_client', 'sql_mode')`,
  );
  const values = new Map(rows.map(({ Variable_name, Value }) => [Variable_name, Value]));
  return {
    isolation: values.get("transaction_isolation") ?? values.get("tx_isolation"), // MySQL's and MariaDB's name for it
    lockWait: values.get("innodb_lock_wait_timeout"),
    charset: values.get("character_set_client"),
    isStrict: values.get("sql_mode")?.split(",").includes("STRICT_ALL_TABLES"),
  };
}

onEachDatabase("the connections of createDataSource", (createDatabase) => {
  const dataSources = new DataSources();
  after(() => dataSources.close());

  it("are set up before their first statement", async () => {
    const dataSource = await dataSources.connect(await createDatabase());
    if (dataSource.options.type === "better-sqlite3") {
      expect(await sqliteSettings(dataSource)).to.deep.equal({ journal_mode: "wal", foreign_keys: 1, timeout: 50 });
    } else {
      const expected = { isolation: "READ-COMMITTED", lockWait: "3", charset: "utf8mb4", isStrict: true };
      const answers = await Promise.all(Array.from({ length: 5 }, () => serverSettings(dataSource)));
      expect(answers).to.deep.equal(answers.map(() => expected));
    }
  });

  it("answer to several at once", async () => {
    const dataSource = await dataSources.connect(await createDatabase());
    const numbers = Array.from({ length: 100 }, (_, index) => index);
    const answers = await Promise.all(numbers.map((number) => dataSource.query(`SELECT ${number} AS number`)));
    expect(answers.map(([{ number }]) => Number(number))).to.deep.equal(numbers);
  });
});
