import { randomBytes } from "node:crypto";
import { expect } from "chai";
import * as fc from "fast-check";
import { ServiceUnavailableError } from "../../src/errors.js";
import type { RefreshToken } from "../../src/sessions/refresh-token.js";
import type { SessionClient } from "../../src/sessions/refresh-token-repository.js";
import { TypeOrmRefreshTokens } from "../../src/sessions/typeorm-refresh-tokens.js";
import { createDatabaseOn, DataSources } from "../database/open-data-source.js";
import { onEachDatabase, onOwnDatabaseServer } from "../support/databases.js";
import { statementsDuring, watchStatements } from "../support/statements.js";
import { expectCutOff } from "./cut-off.js";
import { holdRow } from "./held-row.js";
import { twoServers } from "./two-servers.js";

const CREATED = new Date("2026-01-01T12:00:00.123Z");
const CLIENT = { userAgent: null, address: null };

async function open(sessions: TypeOrmRefreshTokens, count: number): Promise<RefreshToken[]> {
  const news = Array.from({ length: count }, () => ({
    hash: randomBytes(32),
    user: "alice",
    created: CREATED,
    ...CLIENT,
  }));
  return Promise.all(news.map((session) => sessions.create(session)));
}

function later(milliseconds: number): Date {
  return new Date(CREATED.getTime() + milliseconds);
}

onEachDatabase("rotations of one turn", (createDatabase) => {
  const context = twoServers(createDatabase);

  it("give each session its own values, in one UPDATE where a statement is a round trip", async () => {
    const { dataSource, sessions, anotherServer } = context.servers;
    const opened = await open(sessions, 10);
    const clients = opened.map((_, index) => ({
      userAgent: [null, "phone 😀", "x".repeat(255), ""][index % 4] ?? null,
      address: index % 3 === 0 ? null : `192.0.2.${index}`,
    }));
    const rotate = () =>
      Promise.all(
        opened.map(({ hash }, index) =>
          sessions.rotate({ hash, generation: 0 }, later(index + 1), clients[index] ?? CLIENT),
        ),
      );
    let won: boolean[] = [];
    const sent = await statementsDuring(dataSource, async () => (won = await rotate()));
    expect(won).to.deep.equal(opened.map(() => true));
    const kinds = sent.map((sql) => sql.split(" ")[0]);
    const isSqlite = dataSource.options.type === "better-sqlite3";
    expect(kinds).to.deep.equal(isSqlite ? opened.map(() => "UPDATE") : ["UPDATE"]);
    for (const [index, session] of opened.entries()) {
      const at = later(index + 1);
      const expected = { ...session, generation: 1, rotated: at, lastUsed: at, ...clients[index] };
      expect(await anotherServer.findById(session.id)).to.deep.equal(expected);
    }
  });

  it("say the time once where it is the same for all", async () => {
    const { dataSource, sessions, anotherServer } = context.servers;
    const opened = await open(sessions, 5);
    const timesIn = (sent: readonly string[]) =>
      sent.filter((sql) => sql.startsWith("UPDATE")).map((sql) => /`rotated` = \?, `last_used` = \?/.test(sql));
    for (const [generation, apart] of [0, 1].entries()) {
      const at = (index: number) => later(10 * generation + apart * index);
      const sent = await statementsDuring(dataSource, async () => {
        const won = opened.map(({ hash }, index) => sessions.rotate({ hash, generation }, at(index), CLIENT));
        expect(await Promise.all(won)).to.deep.equal(opened.map(() => true));
      });
      if (dataSource.options.type !== "better-sqlite3") expect(timesIn(sent)).to.deep.equal([apart === 0]);
      for (const [index, { id }] of opened.entries()) {
        const times = { rotated: at(index), lastUsed: at(index) };
        expect(await anotherServer.findById(id)).to.deep.include({ generation: generation + 1, ...times });
      }
    }
  });

  it("write what is known of a client only where it has changed for somebody among them", async () => {
    const { dataSource, sessions, anotherServer } = context.servers;
    const opened = await open(sessions, 4);
    const rotate = (generation: number, clientOf: (index: number) => SessionClient) =>
      statementsDuring(dataSource, async () => {
        const won = opened.map(async ({ hash, id }, index) => {
          const { userAgent, address } = (await sessions.findById(id)) ?? CLIENT;
          return sessions.rotate({ hash, generation, userAgent, address }, later(generation + 1), clientOf(index));
        });
        expect(await Promise.all(won)).to.deep.equal(opened.map(() => true));
      });
    const moved = (index: number) => ({ userAgent: null, address: index === 2 ? "192.0.2.7" : null });
    const clientsIn = (sent: readonly string[]) =>
      sent.filter((sql) => sql.startsWith("UPDATE")).map((sql) => /user_agent/.test(sql) && /address/.test(sql));
    const isAlone = dataSource.options.type === "better-sqlite3";

    const same = clientsIn(await rotate(0, () => CLIENT));
    expect(same).to.deep.equal(isAlone ? opened.map(() => false) : [false]);
    const changed = clientsIn(await rotate(1, moved));
    expect(changed).to.deep.equal(isAlone ? opened.map((_, index) => index === 2) : [true]);
    for (const [index, session] of opened.entries()) {
      const at = later(2);
      const expected = { ...session, generation: 2, rotated: at, lastUsed: at, ...moved(index) };
      expect(await anotherServer.findById(session.id)).to.deep.equal(expected);
    }
  });

  it("let everybody win but those who have lost", async () => {
    const { sessions } = context.servers;
    const opened = await open(sessions, 6);
    const [revoked, used] = opened;
    await sessions.revoke(revoked?.id ?? "", CREATED);
    await sessions.rotate({ hash: used?.hash ?? randomBytes(32), generation: 0 }, CREATED, CLIENT);
    const hashes = [...opened.map(({ hash }) => hash), randomBytes(32)];
    const won = await Promise.all(hashes.map((hash) => sessions.rotate({ hash, generation: 0 }, later(1), CLIENT)));
    expect(won).to.deep.equal([false, false, true, true, true, true, false]);
    const found = await Promise.all(opened.map(({ id }) => sessions.findById(id)));
    expect(found.map((session) => session?.generation)).to.deep.equal([0, 1, 1, 1, 1, 1]);
  });

  it("let all win that are there, in the one UPDATE, where others were deleted", async () => {
    const { dataSource, sessions, anotherServer } = context.servers;
    const opened = await open(sessions, 5);
    const hashes = [randomBytes(32), ...opened.map(({ hash }) => hash), randomBytes(32)];
    let won: boolean[] = [];
    const sent = await statementsDuring(dataSource, async () => {
      won = await Promise.all(hashes.map((hash) => sessions.rotate({ hash, generation: 0 }, later(1), CLIENT)));
    });
    expect(won).to.deep.equal([false, true, true, true, true, true, false]);
    const found = await Promise.all(opened.map(({ id }) => anotherServer.findById(id)));
    expect(found.map((session) => session?.generation)).to.deep.equal(opened.map(() => 1));
    const isSqlite = dataSource.options.type === "better-sqlite3";
    expect(sent.filter((sql) => sql.startsWith("UPDATE"))).to.have.length(isSqlite ? hashes.length : 1);
  });

  it("change nothing of the others before one that has lost is told", async () => {
    const { dataSource, sessions, anotherServer } = context.servers;
    const opened = await open(sessions, 4);
    const [first] = opened;
    await sessions.revoke(first?.id ?? "", CREATED);
    const sent = await statementsDuring(dataSource, async () => {
      const rotations = opened.map(({ hash }) => sessions.rotate({ hash, generation: 0 }, later(1), CLIENT));
      expect(await Promise.all(rotations)).to.deep.equal([false, true, true, true]);
    });
    // One for all of them, which failed, a look at who it was, and one for the others.
    const isSqlite = dataSource.options.type === "better-sqlite3";
    const kinds = sent.map((sql) => sql.split(" ")[0]);
    expect(kinds).to.deep.equal(isSqlite ? opened.map(() => "UPDATE") : ["UPDATE", "SELECT", "UPDATE"]);
    const found = await Promise.all(opened.map(({ id }) => anotherServer.findById(id)));
    expect(found.map((session) => session?.generation)).to.deep.equal([0, 1, 1, 1]);
  });

  it("have one winner for each generation, whoever asks for whichever", async () => {
    const { sessions, anotherServer } = context.servers;
    const attempt = fc.record({ session: fc.nat(4), generation: fc.nat(2), server: fc.nat(1) });
    await fc.assert(
      fc.asyncProperty(fc.array(attempt, { minLength: 1, maxLength: 40 }), async (attempts) => {
        const opened = await open(sessions, 5);
        const hashOf = (index: number) => opened[index]?.hash ?? randomBytes(32);
        const won = await Promise.all(
          attempts.map(({ session, generation, server }) =>
            ([sessions, anotherServer][server] ?? sessions).rotate(
              { hash: hashOf(session), generation },
              later(1),
              CLIENT,
            ),
          ),
        );
        for (const [index, { id }] of opened.entries()) {
          const winners = attempts.filter(({ session }, place) => session === index && won[place]);
          const generations = winners.map(({ generation }) => generation).toSorted((one, other) => one - other);
          // One each, from the first on, and as many as the row has come on.
          expect(generations).to.deep.equal(generations.map((_, place) => place));
          expect((await sessions.findById(id))?.generation).to.equal(generations.length);
          const askedForFirst = attempts.some(({ session, generation }) => session === index && generation === 0);
          expect(generations.length > 0).to.equal(askedForFirst);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("are seen by every look that is begun after them, among many others", async () => {
    const { sessions, anotherServer } = context.servers;
    const opened = await open(sessions, 30);
    await Promise.all(
      opened.map(async ({ id, hash }, lane) => {
        for (let generation = 0; generation < 10; generation++) {
          const writer = [sessions, anotherServer][(lane + generation) % 2] ?? sessions;
          expect(await writer.rotate({ hash, generation }, later(generation), CLIENT)).to.equal(true);
          const looks = await Promise.all([
            sessions.findByHash(hash),
            sessions.findById(id),
            anotherServer.findById(id),
          ]);
          expect(looks.map((session) => session?.generation)).to.deep.equal(looks.map(() => generation + 1));
        }
        await sessions.revoke(id, CREATED);
        expect(await anotherServer.findByHash(hash))
          .to.have.property("revoked")
          .that.is.instanceOf(Date);
      }),
    );
  });
});

onOwnDatabaseServer("rotations of one turn whose UPDATE fails or is not answered", (server) => {
  const dataSources = new DataSources();
  let url = "";
  before(async () => (url = await createDatabaseOn(server())));
  after(() => dataSources.close());

  for (const [what, count] of [
    ["are told to nobody although they happened, where the connection breaks", 5],
    ["are like a lone one, that is not sent again either", 1],
  ] as const) {
    it(what, async () => {
      const direct = new TypeOrmRefreshTokens(await dataSources.migrated(url));
      const opened = await open(direct, count);
      const { port } = server();
      const first = opened[0]?.hash ?? Buffer.alloc(0);
      await expectCutOff({ dataSources, url, port, content: first, statement: "UPDATE" }, (sessions) =>
        opened.map(({ hash }) => sessions.rotate({ hash, generation: 0 }, later(1), CLIENT)),
      );
      const found = await Promise.all(opened.map(({ id }) => direct.findById(id)));
      expect(found.map((session) => session?.generation)).to.deep.equal(opened.map(() => 1));
    });
  }

  it("go on alone where somebody holds one of the rows: nobody else waits for it a second time", async () => {
    const dataSource = await dataSources.migrated(url);
    const sessions = new TypeOrmRefreshTokens(dataSource);
    const opened = await open(sessions, 4);
    const held = await holdRow(await dataSources.connect(url), opened[2]?.id);
    const sent: string[] = [];
    const won: number[] = [];
    try {
      await watchStatements(
        dataSource,
        (sql) => void sent.push(sql.includes("CASE") ? "together" : "alone"),
        async () => {
          const rotations = opened.map(async ({ hash }, index) => {
            expect(await sessions.rotate({ hash, generation: 0 }, later(1), CLIENT)).to.equal(true);
            won.push(index);
            // It is let go when all others have won: none of them can have waited for it.
            if (won.length === 3) await held.letGo();
          });
          await Promise.all(rotations);
        },
      );
    } finally {
      await held.close();
    }
    expect(sent).to.deep.equal(["together", "alone", "alone", "alone", "alone"]);
    expect(won).to.have.members([0, 1, 2, 3]).and.have.property("3", 2);
  });

  it("are told to nobody, sent by nobody again, and all or none of them happened", async () => {
    await dataSources.migrated(url);
    const dataSource = await dataSources.connect(url, { silenceLimit: 500 });
    const sessions = new TypeOrmRefreshTokens(dataSource);
    const rotateAll = (of: readonly RefreshToken[]) =>
      Promise.allSettled(of.map(({ hash }) => sessions.rotate({ hash, generation: 0 }, later(1), CLIENT)));
    // The connection has it prepared from then on, so that what is sent is its execution.
    await rotateAll(await open(sessions, 5));
    const opened = await open(sessions, 5);
    const sent: string[] = [];
    const freeze = (sql: string) => {
      sent.push(sql.split(" ")[0] ?? "");
      if (sql.startsWith("UPDATE")) server().freeze();
    };
    try {
      for (const result of await watchStatements(dataSource, freeze, () => rotateAll(opened))) {
        expect(result).to.have.property("reason").that.is.instanceOf(ServiceUnavailableError);
      }
    } finally {
      server().thaw();
    }
    expect(sent.filter((kind) => kind === "UPDATE")).to.have.length(1);
    const found = await Promise.all(opened.map(({ id }) => sessions.findById(id)));
    expect(new Set(found.map((session) => session?.generation)).size).to.equal(1);
  });
});
