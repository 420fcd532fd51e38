import { DatabaseServer } from "./database-server.js";
import { MysqlDatabases } from "./mysql-databases.js";
import { orSkip } from "./or-skip.js";
import { SqliteDatabases } from "./sqlite-databases.js";
import type { TestDatabases } from "./test-databases.js";

/**
 * Runs `suite` once for SQLite and once for a MySQL-compatible server; where none is to be had, the latter is skipped
 * with the reason, and fails with `CI=true`. `createDatabase()` answers the URL of a new, empty database
 * (`sqlite:/tmp/…`, `mariadb://…` or `mysql://…`), dropped after the suite. Call it in a hook or a test.
 */
export function onEachDatabase(title: string, suite: (createDatabase: () => Promise<string>) => void): void {
  describe(title, () => {
    describe("on SQLite", () => withDatabases(new SqliteDatabases(), suite));
    describe("on MySQL", () => withDatabases(new MysqlDatabases(), suite));
  });
}

/**
 * Runs `suite` with a server of its own, for tests that stop, kill or freeze it; skipped like the MySQL suites of
 * `onEachDatabase`. Call `server()` in a hook or a test.
 */
export function onOwnDatabaseServer(title: string, suite: (server: () => DatabaseServer) => void): void {
  describe(title, () => {
    let server: DatabaseServer | undefined;
    before(
      orSkip(async () => {
        server = await DatabaseServer.start();
      }),
    );
    suite(() => {
      if (server === undefined) throw new Error("server() is for hooks and tests");
      return server;
    });
    after(() => server?.remove());
  });
}

function withDatabases(databases: TestDatabases, suite: (createDatabase: () => Promise<string>) => void): void {
  before(orSkip(() => databases.open()));
  suite(() => databases.create());
  after(() => databases.close()); // After the suite's own hooks, which close its connections.
}
