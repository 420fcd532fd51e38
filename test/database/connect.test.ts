import { join } from "node:path";
import { expect } from "chai";
import { connect, DatabaseConnectError } from "../../src/database/connect.js";
import { createDataSource } from "../../src/database/data-source.js";
import { MysqlDatabases } from "../support/mysql-databases.js";
import { freePort } from "../support/free-port.js";
import { orSkip } from "../support/or-skip.js";
import { rejection } from "../support/rejection.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

describe("connect", () => {
  const directory = temporaryDirectory();

  async function refusal(url: string): Promise<DatabaseConnectError> {
    const error = await rejection(connect(createDataSource({ url, entities: [] }), "the database"));
    if (!(error instanceof DatabaseConnectError)) throw error;
    return error;
  }

  it("opens a database", async () => {
    const dataSource = createDataSource({ url: `sqlite:${join(directory.path(), "new.sqlite")}`, entities: [] });
    await connect(dataSource, "the database");
    expect(dataSource.isInitialized).to.equal(true);
    await dataSource.destroy();
  });

  it("says that nobody listens", async () => {
    const { message, code } = await refusal(`mysql://janus:geheim@127.0.0.1:${await freePort()}/shop`);
    expect(code).to.equal("ECONNREFUSED");
    expect(message).to.equal("the database cannot be opened (ECONNREFUSED): is it running, and is the port right?");
  });

  it("says that there is no such host", async () => {
    // Not even the resolver asks for it, so the test needs no network.
    const { message } = await refusal("mysql://janus:geheim@no..where/shop");
    expect(message).to.match(/^the database cannot be opened \(ENOTFOUND\): is the name of the host right\?$/);
    expect(message).to.not.contain("geheim");
  });

  it("passes on what SQLite says", async () => {
    await directory.write("text.sqlite", "this is no database, but a text that is long enough");
    expect((await refusal(`sqlite:${directory.path()}`)).message).to.equal(
      "the database cannot be opened (SQLITE_CANTOPEN): unable to open database file",
    );
    expect((await refusal(`sqlite:${join(directory.path(), "text.sqlite")}`)).message).to.equal(
      "the database cannot be opened (SQLITE_NOTADB): file is not a database",
    );
  });

  describe("to a server", () => {
    const databases = new MysqlDatabases();
    before(orSkip(() => databases.open()));
    after(() => databases.close());

    it("says that there is no such database", async () => {
      const url = new URL(await databases.create());
      url.pathname = "/janus_none";
      expect((await refusal(url.href)).message).to.equal(
        "the database cannot be opened (ER_BAD_DB_ERROR): there is no database of this name, it is to be made first with CREATE DATABASE",
      );
    });
  });
});
