import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { DatabaseError } from "../../src/database/database-error.js";
import type { NewSession } from "../../src/sessions/refresh-token-repository.js";
import { TypeOrmRefreshTokens } from "../../src/sessions/typeorm-refresh-tokens.js";
import { createDatabaseOn, DataSources } from "../database/open-data-source.js";
import { onEachDatabase, onOwnDatabaseServer } from "../support/databases.js";
import { statementsDuring } from "../support/statements.js";
import { expectCutOff } from "./cut-off.js";
import { twoServers } from "./two-servers.js";

const CREATED = new Date("2026-01-01T12:00:00.123Z");

/** Each has values of its own. */
function newSessions(count: number): NewSession[] {
  return Array.from({ length: count }, (_, index) => ({
    hash: randomBytes(32),
    user: `user ${index}`,
    created: new Date(CREATED.getTime() + index),
    userAgent: [null, "phone 😀", "x".repeat(255), ""][index % 4] ?? null,
    address: index % 3 === 0 ? null : `192.0.2.${index}`,
  }));
}

onEachDatabase("sessions that are opened in one turn", (createDatabase) => {
  const context = twoServers(createDatabase);

  it("have their own values each, and few INSERTs where a statement is a round trip", async () => {
    const { dataSource, sessions, anotherServer } = context.servers;
    const news = newSessions(27);
    let opened: unknown[] = [];
    const sent = await statementsDuring(dataSource, async () => {
      opened = await Promise.all(news.map((session) => sessions.create(session)));
    });
    const rows = sent.map((sql) => sql.split("VALUES")[1]?.match(/\(/g)?.length);
    const isSqlite = dataSource.options.type === "better-sqlite3";
    expect(rows.toSorted((one = 0, other = 0) => other - one)).to.deep.equal(
      isSqlite ? news.map(() => 1) : [16, 8, 2, 1],
    );
    const found = await Promise.all(news.map(({ hash }) => anotherServer.findByHash(hash)));
    expect(found).to.deep.equal(opened);
    for (const [index, session] of news.entries()) expect(found[index]).to.deep.include(session);
  });

  it("are refused alone, where a row cannot be", async () => {
    const { sessions, anotherServer } = context.servers;
    const news = newSessions(8);
    const twin = news[2]?.hash ?? Buffer.alloc(0);
    await sessions.create({ ...(news[0] as NewSession), hash: twin });
    const results = await Promise.allSettled(news.map((session) => sessions.create(session)));
    expect(results.map(({ status }) => status === "fulfilled")).to.deep.equal(news.map(({ hash }) => hash !== twin));
    expect(results[2]).to.have.property("reason").that.is.instanceOf(DatabaseError);
    const found = await Promise.all(news.map(({ hash }) => anotherServer.findByHash(hash)));
    expect(found.map((session) => session?.user)).to.deep.equal(
      news.map(({ user, hash }) => (hash === twin ? news[0]?.user : user)),
    );
  });
});

onOwnDatabaseServer("sessions of one turn whose INSERT is not answered", (server) => {
  const dataSources = new DataSources();
  after(() => dataSources.close());

  it("are told to nobody although they are there, and are not sent again", async () => {
    const url = await createDatabaseOn(server());
    const direct = new TypeOrmRefreshTokens(await dataSources.migrated(url));
    const news = newSessions(4);
    const { port } = server();
    const last = news[3]?.hash ?? Buffer.alloc(0);
    await expectCutOff({ dataSources, url, port, content: last, statement: "INSERT" }, (sessions) =>
      news.map((session) => sessions.create(session)),
    );
    const found = await Promise.all(news.map(({ hash }) => direct.findByHash(hash)));
    expect(found.map((session) => session?.user)).to.deep.equal(news.map(({ user }) => user));
  });
});
