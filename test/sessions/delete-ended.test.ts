import { randomBytes } from "node:crypto";
import { expect } from "chai";
import type { DataSource } from "typeorm";
import type { NewSession } from "../../src/sessions/refresh-token-repository.js";
import { TypeOrmRefreshTokens } from "../../src/sessions/typeorm-refresh-tokens.js";
import { DataSources } from "../database/open-data-source.js";
import { onEachDatabase } from "../support/databases.js";

const CLIENT = { userAgent: "phone", address: "192.0.2.1" };

function day(number: number): Date {
  return new Date(Date.UTC(2026, 0, number));
}

function newSession(properties: { user?: string; created: Date }): NewSession {
  return { hash: randomBytes(32), user: "alice", ...CLIENT, ...properties };
}

onEachDatabase("TypeOrmRefreshTokens.deleteEnded", (createDatabase) => {
  const dataSources = new DataSources();
  let sessions: TypeOrmRefreshTokens;
  let dataSource: DataSource;
  beforeEach(async () => {
    dataSource = await dataSources.migrated(await createDatabase());
    sessions = new TypeOrmRefreshTokens(dataSource);
  });
  afterEach(() => dataSources.close());

  /** A session for each reason to end, and one for none. */
  async function fill(): Promise<void> {
    const fresh = newSession({ user: "fresh", created: day(20) });
    const rotated = newSession({ user: "rotated", created: day(1) });
    const stale = newSession({ user: "stale", created: day(9) });
    const revoked = newSession({ user: "revoked", created: day(20) });
    for (const session of [fresh, rotated, stale]) await sessions.create(session);
    await sessions.rotate({ hash: rotated.hash, generation: 0 }, day(19), CLIENT);
    await sessions.rotate({ hash: stale.hash, generation: 0 }, day(9), CLIENT);
    await sessions.revoke((await sessions.create(revoked)).id, day(20));
  }

  async function users(): Promise<string[]> {
    const rows: { user: string }[] = await dataSource.query("SELECT user FROM refresh_token");
    return rows.map(({ user }) => user).toSorted();
  }

  const cases = [
    { title: "revoked ones", ended: {}, left: ["fresh", "rotated", "stale"] },
    { title: "and stale ones", ended: { lastRotatedBefore: day(10) }, left: ["fresh", "rotated"] },
    { title: "and old ones", ended: { createdBefore: day(5) }, left: ["fresh", "stale"] },
    { title: "and both", ended: { createdBefore: day(5), lastRotatedBefore: day(10) }, left: ["fresh"] },
    {
      title: "and none at the very moment",
      ended: { lastRotatedBefore: day(9), createdBefore: day(1) },
      left: ["fresh", "rotated", "stale"],
    },
  ];
  for (const { title, ended, left } of cases) {
    it(`deletes ${title}, as countEnded says`, async () => {
      await fill();
      expect(await sessions.countEnded(ended)).to.equal(4 - left.length);
      expect(await sessions.deleteEnded(ended, 100)).to.equal(4 - left.length);
      expect(await users()).to.deep.equal(left);
      expect(await sessions.countEnded(ended)).to.equal(0);
      expect(await sessions.deleteEnded(ended, 100)).to.equal(0);
    });
  }

  it("deletes no more than it is told to", async () => {
    await fill();
    const all = { createdBefore: day(5), lastRotatedBefore: day(10) };
    expect(await sessions.deleteEnded(all, 0)).to.equal(0);
    expect(await sessions.deleteEnded(all, 2)).to.equal(2);
    expect(await sessions.countEnded(all)).to.equal(1);
    expect(await sessions.deleteEnded(all, 2)).to.equal(1);
  });

  it("deletes in batches whatever the limit", async () => {
    for (let wave = 0; wave < 3; wave++) {
      const old = Array.from({ length: 201 }, () => newSession({ created: day(1) }));
      await Promise.all(old.map((session) => sessions.create(session)));
    }
    expect(await sessions.deleteEnded({ createdBefore: day(2) }, 501)).to.equal(501);
    expect(await sessions.deleteEnded({ createdBefore: day(2) }, 501)).to.equal(102);
  });
});
