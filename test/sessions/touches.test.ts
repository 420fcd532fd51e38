import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { onEachDatabase, onOwnDatabaseServer } from "../support/databases.js";
import { createDatabaseOn, DataSources } from "../database/open-data-source.js";
import { ServiceUnavailableError } from "../../src/errors.js";
import type { RefreshToken } from "../../src/sessions/refresh-token.js";
import { TypeOrmRefreshTokens } from "../../src/sessions/typeorm-refresh-tokens.js";
import { CuttingRelay } from "../support/cutting-relay.js";
import { statementsDuring } from "../support/statements.js";
import { holdRow } from "./held-row.js";
import { twoServers } from "./two-servers.js";

const CREATED = new Date("2026-01-01T12:00:00.123Z");
const PHONE = { userAgent: "phone 😀", address: "192.0.2.1" };
const LAPTOP = { userAgent: "laptop", address: null };

function open(sessions: TypeOrmRefreshTokens, count: number): Promise<RefreshToken[]> {
  const create = () => sessions.create({ hash: randomBytes(32), user: "alice", created: CREATED, ...PHONE });
  return Promise.all(Array.from({ length: count }, create));
}

function later(milliseconds: number): Date {
  return new Date(CREATED.getTime() + milliseconds);
}

onEachDatabase("sessions that are used in one turn", (createDatabase) => {
  const context = twoServers(createDatabase);

  /** The UPDATEs of a touch of each, in one turn. */
  async function updatesOf(touch: (sessions: TypeOrmRefreshTokens) => Promise<unknown>[]): Promise<string[]> {
    const { dataSource, sessions } = context.servers;
    const sent = await statementsDuring(dataSource, () => Promise.all(touch(sessions)));
    return sent.filter((sql) => sql.startsWith("UPDATE"));
  }

  function isRoundTrip(): boolean {
    return context.servers.dataSource.options.type !== "better-sqlite3";
  }

  it("share one UPDATE where a statement is a round trip, and each gets its own values", async () => {
    const { anotherServer } = context.servers;
    const opened = await open(context.servers.sessions, 10);
    const clientOf = (index: number) => (index % 3 === 0 ? LAPTOP : PHONE);
    const sent = await updatesOf((sessions) =>
      opened.map((session, index) => sessions.touch(session, later(index), clientOf(index))),
    );
    expect(sent).to.have.length(isRoundTrip() ? 1 : opened.length);
    for (const [index, session] of opened.entries()) {
      const expected = { ...session, lastUsed: later(index), ...clientOf(index) };
      expect(await anotherServer.findById(session.id)).to.deep.equal(expected);
    }
  });

  it("are given the time alone, and that once, where nothing else has changed", async () => {
    const { anotherServer } = context.servers;
    const opened = await open(context.servers.sessions, 4);
    const sent = await updatesOf((sessions) => opened.map((session) => sessions.touch(session, later(5), PHONE)));
    for (const sql of sent) expect(sql).to.match(/ SET .last_used. = \? WHERE /);
    for (const session of opened) {
      expect(await anotherServer.findById(session.id)).to.deep.equal({ ...session, lastUsed: later(5) });
    }
  });

  it("are written once where one of them is used twice, as it was used last", async () => {
    const { anotherServer } = context.servers;
    const [one, other] = await open(context.servers.sessions, 2);
    if (!one || !other) return expect.fail("there are two");
    const sent = await updatesOf((sessions) => [
      sessions.touch(one, later(1), PHONE),
      sessions.touch(other, later(2), PHONE),
      sessions.touch(one, later(3), LAPTOP),
    ]);
    expect(sent).to.have.length(isRoundTrip() ? 1 : 3);
    expect(await anotherServer.findById(one.id)).to.deep.equal({ ...one, lastUsed: later(3), ...LAPTOP });
    expect(await anotherServer.findById(other.id)).to.deep.equal({ ...other, lastUsed: later(2) });
  });

  it("stay as they are where they were revoked, and the others do not", async () => {
    const { sessions, anotherServer } = context.servers;
    const opened = await open(sessions, 3);
    const [revoked] = opened;
    await sessions.revoke(revoked?.id ?? "", later(1));
    await updatesOf((of) => opened.map((session) => of.touch(session, later(2), LAPTOP)));
    const found = await Promise.all(opened.map(({ id }) => anotherServer.findById(id)));
    expect(found.map((session) => session?.lastUsed)).to.deep.equal([CREATED, later(2), later(2)]);
  });
});

onOwnDatabaseServer("sessions that are used while the database does not let them", (server) => {
  const dataSources = new DataSources();
  let url = "";
  before(async () => (url = await createDatabaseOn(server())));
  after(() => dataSources.close());

  it("go on alone where somebody holds one of the rows: nobody else waits for it a second time", async () => {
    const dataSource = await dataSources.migrated(url);
    const sessions = new TypeOrmRefreshTokens(dataSource);
    const opened = await open(sessions, 4);
    const held = await holdRow(await dataSources.connect(url), opened[2]?.id);
    const noted: number[] = [];
    try {
      const touches = opened.map(async (session, index) => {
        await sessions.touch(session, later(1), PHONE);
        noted.push(index);
        // It is let go when all others are done: none of them can have waited for it.
        if (noted.length === 3) await held.letGo();
      });
      const sent = await statementsDuring(dataSource, () => Promise.all(touches));
      expect(sent.map((sql) => / IN \(/.test(sql))).to.deep.equal([true, false, false, false, false]);
    } finally {
      await held.close();
    }
    expect(noted).to.have.members([0, 1, 2, 3]).and.have.property("3", 2);
    const found = await Promise.all(opened.map(({ id }) => sessions.findById(id)));
    expect(found.map((session) => session?.lastUsed)).to.deep.equal(opened.map(() => later(1)));
  });

  for (const [what, count] of [
    ["are written again, all of them, where the connection breaks before the answer", 3],
    ["are like a lone one, that is written again too", 1],
  ] as const) {
    it(what, async () => {
      const direct = new TypeOrmRefreshTokens(await dataSources.migrated(url));
      const opened = await open(direct, count);
      const { port } = server();
      const relay = await CuttingRelay.start(port, opened[0]?.id ?? "");
      try {
        const dataSource = await dataSources.connect(url.replace(`:${port}/`, `:${relay.port}/`));
        const sessions = new TypeOrmRefreshTokens(dataSource);
        const touch = () => Promise.all(opened.map((session) => sessions.touch(session, later(1), LAPTOP)));
        const sent = await statementsDuring(dataSource, touch);
        expect(relay.cuts).to.equal(1);
        expect(sent.filter((sql) => sql.startsWith("UPDATE"))).to.have.length(2);
      } finally {
        await relay.stop();
      }
      const found = await Promise.all(opened.map(({ id }) => direct.findById(id)));
      expect(found).to.deep.equal(opened.map((session) => ({ ...session, lastUsed: later(1), ...LAPTOP })));
    });
  }

  it("are told to be in vain, each of them, where it is gone", async () => {
    const dataSource = await dataSources.migrated(url);
    const sessions = new TypeOrmRefreshTokens(dataSource);
    const opened = await open(sessions, 3);
    await server().stop();
    const touched = await Promise.allSettled(opened.map((session) => sessions.touch(session, later(1), PHONE)));
    for (const result of touched) {
      expect(result).to.have.property("reason").that.is.instanceOf(ServiceUnavailableError);
    }
  });
});
