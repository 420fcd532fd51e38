import { expect } from "chai";
import type { PoolConnection, RowDataPacket } from "mysql2";
import { FailoverPool } from "../../src/database/failover-pool.js";
import { type HostRules, PoolExhaustedError } from "../../src/database/pooled-host.js";
import { liftStatementLimit, StatementTimeoutError } from "../../src/database/silence-limit.js";
import { withDatabase } from "../../src/database/retry.js";
import { orSkip } from "../support/or-skip.js";
import { DatabaseServer } from "../support/database-server.js";
import { until } from "../support/until.js";
import { createDatabaseOn, DataSources } from "./open-data-source.js";

const RULES: HostRules = { required: [], setup: [], acquireTimeout: 1_500, statementTimeout: 300, retryPause: 50 };

describe("several hosts in DATABASE_URL", () => {
  const pools: FailoverPool[] = [];
  const dataSources = new DataSources();
  let first: DatabaseServer;
  let second: DatabaseServer;
  before(
    orSkip(async () => {
      [first, second] = await Promise.all([DatabaseServer.start(), DatabaseServer.start()]);
    }),
  );
  afterEach(async () => {
    await Promise.all(pools.splice(0).map(close));
    await dataSources.close();
  });
  after(() => Promise.all([first, second].map((server) => server?.remove())));

  function open({ connectionLimit = 4, rules = RULES } = {}): FailoverPool {
    const hosts = [first, second].map(({ port }) => ({ host: "127.0.0.1", port }));
    const pool = new FailoverPool(hosts, { user: "root", connectionLimit, connectTimeout: 500 }, rules);
    pools.push(pool);
    return pool;
  }

  it("use the first one while it is well", async () => {
    const pool = open();
    const ports = await Promise.all([portOf(pool), portOf(pool), portOf(pool)]);
    expect(ports).to.deep.equal([first.port, first.port, first.port]);
  });

  it("are not used through a connection that cannot be set up as it has to be", async () => {
    const required = ["SET SESSION sql_mode = 'NO_SUCH_MODE'"];
    const pool = open({ rules: { ...RULES, required } });
    const failure = await failureOf(pool, "SELECT 1");
    expect(failure).to.include({ errno: 1231 }); // ER_WRONG_VALUE_FOR_VAR
    expect(await failureOf(pool, "SELECT 1")).to.include({ errno: 1231 });
  });

  it("are used where a statement that only improves on them is not known", async () => {
    const pool = open({ rules: { ...RULES, setup: ["SET SESSION sql_mode = 'NO_SUCH_MODE'"] } });
    expect(await portOf(pool)).to.equal(first.port);
  });

  it("move to the next one when it is gone, and back when it is there again", async () => {
    const pool = open();
    expect(await portOf(pool)).to.equal(first.port);
    await first.kill();
    await until(async () => (await portOf(pool)) === second.port); // a connection may break only in use
    await first.startAgain();
    await until(async () => (await portOf(pool)) === first.port);
  });

  it("move to the next one when it is frozen, and back when it answers", async () => {
    const pool = open();
    expect(await portOf(pool)).to.equal(first.port);
    first.freeze();
    try {
      const failure = await failureOf(pool, "SELECT 1");
      expect(failure).to.be.instanceOf(StatementTimeoutError);
      expect(failure).to.have.property("message", "No answer from the database within 300 ms");
      expect(await portOf(pool)).to.equal(second.port);
      expect(await portOf(open())).to.equal(second.port); // one that connects to it for the first time
    } finally {
      first.thaw();
    }
    await until(async () => (await portOf(pool)) === first.port);
  });

  it("are all tried before the failure of the first is told", async () => {
    const pool = open();
    await Promise.all([first.kill(), second.kill()]);
    try {
      for (const _ of [1, 2]) {
        expect(await failureOf(pool, "SELECT 1")).to.include({ code: "ECONNREFUSED", port: first.port });
      }
      await second.startAgain();
      expect(await portOf(pool)).to.equal(second.port);
    } finally {
      await first.startAgain();
    }
  });

  it("do not take the load of one whose connections are all in use", async () => {
    const pool = open({ connectionLimit: 1 });
    const holder = await acquire(pool);
    const failure = await failureOf(pool, "SELECT 1");
    expect(failure).to.be.instanceOf(PoolExhaustedError);
    expect(failure).to.have.property("message", "No connection became free within 1500 ms");
    holder.release();
    expect(await portOf(pool)).to.equal(first.port); // whoever came too late has not kept it
  });

  it("are left when they are frozen in the middle of a statement", async () => {
    const pool = open();
    pools.length = 0;
    const [idle, busy] = await Promise.all([acquire(pool), acquire(pool)]);
    idle.release();
    liftStatementLimit(busy);
    first.freeze();
    try {
      busy.query("SELECT 1", () => {});
      await close(pool);
    } finally {
      first.thaw();
    }
  });

  it("let a migration take its time, and limit what comes after it", async () => {
    const pool = open({ connectionLimit: 1 });
    const migrating = await acquire(pool);
    liftStatementLimit(migrating);
    expect(await query(migrating, "SELECT SLEEP(0.6) AS answer")).to.deep.equal([{ answer: 0 }]);
    migrating.release();
    expect(await failureOf(pool, "SELECT SLEEP(0.6) AS answer")).to.be.instanceOf(StatementTimeoutError);
    expect(await portOf(pool)).to.be.a("number");
  });

  it("go unnoticed by statements that may run twice, and by a start", async () => {
    const url = new URL(await createDatabaseOn(first));
    await createDatabaseOn(second);
    const hosts = url.href.replace(url.host, `127.0.0.1:${first.port},127.0.0.1:${second.port}`);
    const dataSource = await dataSources.connect(hosts);
    const port = () => withDatabase(() => dataSource.query("SELECT @@port AS port"), { mayRunTwice: true });
    expect(await port()).to.deep.equal([{ port: String(first.port) }]);
    await first.kill();
    try {
      expect(await port()).to.deep.equal([{ port: String(second.port) }]);
      const another = await dataSources.connect(hosts);
      expect(await another.query("SELECT @@port AS port")).to.deep.equal([{ port: String(second.port) }]);
    } finally {
      await first.startAgain();
    }
  });
});

function acquire(pool: FailoverPool): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
  });
}

function query(connection: PoolConnection, sql: string): Promise<RowDataPacket[]> {
  return new Promise((resolve, reject) => {
    connection.query<RowDataPacket[]>(sql, (error, rows) => (error ? reject(error) : resolve(rows)));
  });
}

async function run(pool: FailoverPool, sql: string): Promise<RowDataPacket[]> {
  const connection = await acquire(pool);
  try {
    return await query(connection, sql);
  } finally {
    connection.release();
  }
}

async function portOf(pool: FailoverPool): Promise<number> {
  const [row] = await run(pool, "SELECT @@port AS port");
  return row?.["port"] as number;
}

async function failureOf(pool: FailoverPool, sql: string): Promise<unknown> {
  return run(pool, sql).then(
    (rows) => expect.fail(`answered ${JSON.stringify(rows)}`),
    (error: unknown) => error,
  );
}

function close(pool: FailoverPool): Promise<void> {
  return new Promise((resolve, reject) => pool.end((error) => (error ? reject(error) : resolve())));
}
