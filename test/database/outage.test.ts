import { randomBytes } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { expect } from "chai";
import type { DataSource } from "typeorm";
import { checkConnection } from "../../src/database/check-connection.js";
import { pendingMigrations } from "../../src/database/migrate.js";
import { withDatabase } from "../../src/database/retry.js";
import { ServiceUnavailableError } from "../../src/errors.js";
import { TypeOrmRefreshTokens } from "../../src/sessions/typeorm-refresh-tokens.js";
import { onEachDatabase, onOwnDatabaseServer } from "../support/databases.js";
import { createDatabaseOn, DataSources } from "./open-data-source.js";

const CLIENT = { userAgent: null, address: null };

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => expect.fail(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
}

onEachDatabase("checkConnection", (createDatabase) => {
  it("resolves while the database answers, and tells when it does not", async () => {
    const dataSources = new DataSources();
    const dataSource = await dataSources.connect(await createDatabase());
    await checkConnection(dataSource);
    await dataSources.close();
    expect(await failureOf(checkConnection(dataSource))).to.be.instanceOf(ServiceUnavailableError);
  });
});

onOwnDatabaseServer("an outage of the database", (server) => {
  const dataSources = new DataSources();
  let url: string;
  let dataSource: DataSource;
  let sessions: TypeOrmRefreshTokens;
  before(async () => {
    url = await createDatabaseOn(server());
    dataSource = await dataSources.migrated(url);
    sessions = new TypeOrmRefreshTokens(dataSource);
  });
  after(() => dataSources.close());

  it("is told to whoever checks, after the time that they give it", async () => {
    const narrow = await dataSources.connect(`${url}?poolSize=1`);
    const holder = narrow.createQueryRunner();
    await holder.connect(); // no connection is left to ask with
    const failure = await failureOf(checkConnection(narrow, 20));
    expect(failure).to.be.instanceOf(ServiceUnavailableError);
    expect(failure).to.have.nested.property("cause.message", "No answer from the database within 20 ms");
    await holder.release();
    await checkConnection(narrow);
  });

  it("goes unnoticed by a reader whose connection was cut", async () => {
    const { id } = await sessions.create({ hash: randomBytes(32), user: "alice", created: new Date(0), ...CLIENT });
    await killConnections(dataSource);
    expect(await sessions.findById(id)).to.have.property("id", id);
  });

  it("is reported as temporary, and over when the server is back", async () => {
    const hash = randomBytes(32);
    const { id } = await sessions.create({ hash, user: "alice", created: new Date(0), ...CLIENT });
    await server().stop();
    const failures = await Promise.all([
      failureOf(sessions.findByHash(hash)),
      failureOf(sessions.rotate({ hash, generation: 0 }, new Date(1), CLIENT)),
      failureOf(sessions.revoke(id, new Date(1))),
      failureOf(sessions.deleteEnded({}, 10)),
      failureOf(checkConnection(dataSource)),
      failureOf(pendingMigrations(dataSource)),
    ]);
    for (const failure of failures) expect(failure).to.be.instanceOf(ServiceUnavailableError);
    await server().startAgain();
    await checkConnection(dataSource);
    expect(await sessions.rotate({ hash, generation: 0 }, new Date(2), CLIENT)).to.equal(true);
  });

  it("does not include a deadlock: the loser tries again and succeeds", async () => {
    await dataSource.query("CREATE TABLE pair (id integer PRIMARY KEY, n integer)");
    await dataSource.query("INSERT INTO pair VALUES (1, 0), (2, 0)");
    let attempts = 0;
    const room = new EventEmitter();
    const transfer = (first: number, second: number) =>
      withDatabase(() =>
        dataSource.transaction(async (manager) => {
          attempts += 1;
          await manager.query("UPDATE pair SET n = n + 1 WHERE id = ?", [first]);
          if (attempts <= 2) await meet(room, 2);
          await manager.query("UPDATE pair SET n = n + 1 WHERE id = ?", [second]);
        }),
      );
    await Promise.all([transfer(1, 2), transfer(2, 1)]);
    expect(attempts).to.equal(3);
    expect(await dataSource.query("SELECT n FROM pair")).to.deep.equal([{ n: 2 }, { n: 2 }]);
  });
});

async function killConnections(dataSource: DataSource): Promise<void> {
  const rows: { id: number }[] = await dataSource.query(
    "SELECT id FROM information_schema.processlist WHERE user = 'root' AND id <> CONNECTION_ID()",
  );
  for (const { id } of rows) await dataSource.query(`KILL ${id}`);
  await dataSource.query("KILL CONNECTION_ID()").catch(() => {});
}

/** Resolves for all who meet in a room once there are so many. */
async function meet(room: EventEmitter, count: number): Promise<void> {
  if (room.listenerCount("full") === count - 1) room.emit("full");
  else await once(room, "full");
}
