import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { createConnection, type Connection, type RowDataPacket } from "mysql2/promise";
import { runMocha } from "./child-process.js";
import { onOwnDatabaseServer } from "./databases.js";
import { DatabaseServer } from "./database-server.js";

function connect(server: DatabaseServer): Promise<Connection> {
  return createConnection({ host: "127.0.0.1", port: server.port, user: "root", connectTimeout: 300 });
}

async function query(server: DatabaseServer, sql: string): Promise<unknown> {
  const connection = await connect(server);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    connection.destroy();
  }
}

async function failureCode(attempt: Promise<unknown>): Promise<unknown> {
  try {
    await attempt;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  throw new Error("it succeeded");
}

/** A killed process is gone a moment after its parent. */
async function untilNobodyListensOn(port: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while ((await failureCode(createConnection({ host: "127.0.0.1", port }))) !== "ECONNREFUSED") {
    if (Date.now() > deadline) throw new Error(`somebody still listens on port ${port}`);
    await delay(20);
  }
}

onOwnDatabaseServer("DatabaseServer", (server) => {
  before(() => query(server(), "CREATE DATABASE kept"));
  before(() => query(server(), "CREATE TABLE kept.t (n int)"));

  for (const end of ["stop", "kill"] as const) {
    it(`keeps its data, address and port over ${end}() and startAgain()`, async () => {
      await query(server(), "INSERT INTO kept.t VALUES (1)");
      const [before] = (await query(server(), "SELECT count(*) AS n FROM kept.t")) as RowDataPacket[];
      await server()[end]();
      expect(await failureCode(connect(server()))).to.equal("ECONNREFUSED");
      await server().startAgain();
      expect(await query(server(), "SELECT count(*) AS n FROM kept.t")).to.deep.equal([before]);
    });
  }

  it("keeps its temporary tables to itself", async () => {
    const [row] = (await query(server(), "SELECT @@tmpdir AS tmpdir")) as RowDataPacket[];
    expect(row?.["tmpdir"]).to.equal(join(server().directory, "temporary"));
  });

  it("does not answer while it is frozen", async () => {
    server().freeze();
    try {
      expect(await failureCode(connect(server()))).to.equal("ETIMEDOUT");
    } finally {
      server().thaw();
    }
    expect(await query(server(), "SELECT 1 AS n")).to.deep.equal([{ n: 1 }]);
  });

  it("stops when it is frozen", async () => {
    server().freeze();
    await server().stop();
    expect(await failureCode(connect(server()))).to.equal("ECONNREFUSED");
    await server().startAgain();
  });

  it("says why it cannot listen on the port it is given", async () => {
    const outcome: unknown = await DatabaseServer.start({ port: server().port }).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(Error);
    expect((outcome as Error).message).to.match(/did not start:\n[^]*Address already in use/);
  });

  it("leaves nothing behind", async () => {
    const other = await DatabaseServer.start();
    expect(existsSync(other.directory)).to.equal(true);
    await other.remove();
    expect(existsSync(other.directory)).to.equal(false);
    expect(await failureCode(connect(other))).to.equal("ECONNREFUSED");
  });

  const careless = {
    "without stopping it": "",
    "by a signal": 'process.kill(process.pid, "SIGTERM"); await new Promise(() => {});',
  };
  for (const [how, ending] of Object.entries(careless)) {
    it(`is stopped and deleted when a test run ends ${how}`, async () => {
      const run = await runMocha(`
        import { DatabaseServer } from "SUPPORT/database-server.js";
        it("forgets", async () => {
          const server = await DatabaseServer.start();
          console.log("DIRECTORY=" + server.directory + " PORT=" + server.port);
          ${ending}
        });
      `);
      const [, directory = "", port = ""] = /DIRECTORY=(.*) PORT=(\d+)/.exec(run.stdout) ?? [];
      expect(directory, run.stdout + run.stderr).to.contain("janus-database-");
      expect(existsSync(directory)).to.equal(false);
      await untilNobodyListensOn(Number(port));
    });
  }

  it("is what the MySQL suites use when TEST_DATABASE_URL says so", async () => {
    const run = await runMocha(
      `
        import { onEachDatabase } from "SUPPORT/databases.js";
        onEachDatabase("x", (create) => it("y", async () => console.log("URL=" + (await create()))));
      `,
      { TEST_DATABASE_URL: `${server().url}/?charset=utf8mb4` },
    );
    expect(run.code, run.stdout).to.equal(0);
    expect(run.stdout).to.match(new RegExp(`URL=${server().url}/janus_test_[0-9a-f]+\\?charset=utf8mb4`));
    const databases = (await query(server(), "SHOW DATABASES LIKE 'janus_test_%'")) as RowDataPacket[];
    expect(databases).to.deep.equal([]);
  });
});
