import { randomBytes } from "node:crypto";
import { expect } from "chai";
import type { RefreshToken } from "../../src/sessions/refresh-token.js";
import type { NewSession } from "../../src/sessions/refresh-token-repository.js";
import { TypeOrmRefreshTokens } from "../../src/sessions/typeorm-refresh-tokens.js";
import { createDatabaseOn, DataSources } from "../database/open-data-source.js";
import { onEachDatabase, onOwnDatabaseServer } from "../support/databases.js";
import { expectCutOff } from "./cut-off.js";

const CREATED = new Date("2026-01-01T12:00:00.123Z");
const LATER = new Date("2026-01-02T12:00:00.456Z");
const PHONE = { userAgent: "phone", address: "192.0.2.1" };
const LAPTOP = { userAgent: "laptop", address: "2001:db8::1" };

function newSession(properties: Partial<NewSession> = {}): NewSession {
  return { hash: randomBytes(32), user: "alice", created: CREATED, ...PHONE, ...properties };
}

onEachDatabase("TypeOrmRefreshTokens", (createDatabase) => {
  const dataSources = new DataSources();
  let url: string;
  let sessions: TypeOrmRefreshTokens;
  let anotherServer: TypeOrmRefreshTokens;
  before(async () => {
    url = await createDatabase();
    sessions = new TypeOrmRefreshTokens(await dataSources.migrated(url));
    anotherServer = new TypeOrmRefreshTokens(await dataSources.connect(url));
  });
  after(() => dataSources.close());

  async function read(id: string): Promise<RefreshToken> {
    const session = await sessions.findById(id);
    if (!session) throw new Error("the session is gone");
    return session;
  }

  describe("create", () => {
    it("keeps a session that is found by id and by hash", async () => {
      const session = newSession({ user: "Zoë 😀" });
      const created = await sessions.create(session);
      expect(created.id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(created).to.deep.equal({
        ...session,
        id: created.id,
        generation: 0,
        rotated: CREATED,
        lastUsed: CREATED,
        revoked: null,
      });
      expect(await anotherServer.findById(created.id)).to.deep.equal(created);
      expect(await anotherServer.findByHash(session.hash)).to.deep.equal(created);
    });

    it("cuts what the client says about itself", async () => {
      const { id } = await sessions.create(newSession({ userAgent: "😀".repeat(300), address: "1".repeat(65) }));
      expect(await read(id)).to.deep.include({ userAgent: "😀".repeat(255), address: "1".repeat(64) });
    });

    it("keeps no second session with the same hash", async () => {
      const session = newSession();
      await sessions.create(session);
      const error = await sessions.create(session).catch((reason: unknown) => reason);
      expect(error).to.have.property("name", "DatabaseError");
    });
  });

  describe("findByHash and findById", () => {
    it("find nothing for what is not there", async () => {
      const { id, hash } = await sessions.create(newSession());
      expect(await sessions.findByHash(randomBytes(32))).to.equal(null);
      expect(await sessions.findByHash(hash.subarray(0, 31))).to.equal(null);
      expect(await sessions.findByHash(Buffer.alloc(0))).to.equal(null);
      expect(await sessions.findById(id.toUpperCase())).to.equal(null);
      expect(await sessions.findById(`${id} `)).to.equal(null);
      expect(await sessions.findById("' OR 1=1 --")).to.equal(null);
    });
  });

  describe("rotate", () => {
    it("moves a session to the next generation", async () => {
      const session = newSession();
      const created = await sessions.create(session);
      expect(await sessions.rotate({ hash: session.hash, generation: 0 }, LATER, LAPTOP)).to.equal(true);
      const changes = { generation: 1, rotated: LATER, lastUsed: LATER, ...LAPTOP };
      expect(await read(created.id)).to.deep.equal(Object.assign(created, changes));
    });

    it("does nothing for another generation, and for a session that is revoked or gone", async () => {
      const { id, hash } = await sessions.create(newSession());
      expect(await sessions.rotate({ hash, generation: 1 }, LATER, LAPTOP)).to.equal(false);
      expect(await sessions.rotate({ hash, generation: -1 }, LATER, LAPTOP)).to.equal(false);
      expect(await sessions.rotate({ hash: randomBytes(32), generation: 0 }, LATER, LAPTOP)).to.equal(false);
      await sessions.revoke(id, LATER);
      const revoked = await read(id);
      expect(await sessions.rotate({ hash, generation: 0 }, LATER, LAPTOP)).to.equal(false);
      expect(await read(id)).to.deep.equal(revoked);
    });

    it("has one winner of sixty callers on two servers, and leaves the other sessions alone", async () => {
      const { id, hash } = await sessions.create(newSession());
      const other = await sessions.create(newSession());
      for (let generation = 0; generation < 5; generation++) {
        const callers = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? sessions : anotherServer));
        const answers = await Promise.all(callers.map((server) => server.rotate({ hash, generation }, LATER, LAPTOP)));
        expect(answers.filter((won) => won)).to.have.length(1);
      }
      expect((await read(id)).generation).to.equal(5);
      expect(await read(other.id)).to.deep.equal(other);
    });
  });

  describe("touch", () => {
    it("notes the use, and nothing else", async () => {
      const created = await sessions.create(newSession());
      await sessions.touch(created, LATER, LAPTOP);
      expect(await read(created.id)).to.deep.equal(Object.assign(created, { lastUsed: LATER, ...LAPTOP }));
    });

    it("leaves a revoked session as it is", async () => {
      const { id } = await sessions.create(newSession());
      await sessions.revoke(id, CREATED);
      const revoked = await read(id);
      await sessions.touch({ id }, LATER, LAPTOP);
      expect(await read(id)).to.deep.equal(revoked);
    });
  });

  describe("revoke", () => {
    it("ends a session once, whoever asks", async () => {
      const created = await sessions.create(newSession());
      const callers = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? sessions : anotherServer));
      const answers = await Promise.all(callers.map((server) => server.revoke(created.id, LATER)));
      expect(answers.filter((ended) => ended)).to.have.length(1);
      expect(await read(created.id)).to.deep.equal(Object.assign(created, { revoked: LATER }));
      expect(await sessions.revoke("unknown", LATER)).to.equal(false);
    });

    it("and rotate never both succeed", async () => {
      for (let round = 0; round < 10; round++) {
        const { id, hash } = await sessions.create(newSession());
        const [rotated, revoked] = await Promise.all([
          sessions.rotate({ hash, generation: 0 }, LATER, LAPTOP),
          anotherServer.revoke(id, LATER),
        ]);
        expect(revoked).to.equal(true);
        expect((await read(id)).generation).to.equal(rotated ? 1 : 0);
      }
    });
  });
});

onOwnDatabaseServer("a revocation whose connection breaks", (server) => {
  const dataSources = new DataSources();
  after(() => dataSources.close());

  it("is told to nobody although it happened, and is not sent again: that would find no session to end", async () => {
    const url = await createDatabaseOn(server());
    const direct = new TypeOrmRefreshTokens(await dataSources.migrated(url));
    const { id } = await direct.create(newSession());
    const { port } = server();
    await expectCutOff({ dataSources, url, port, content: id, statement: "UPDATE" }, (sessions) => [
      sessions.revoke(id, LATER),
    ]);
    expect(await direct.findById(id)).to.have.deep.property("revoked", LATER);
  });
});
