import { randomBytes } from "node:crypto";
import { expect } from "chai";
import type { DataSource } from "typeorm";
import type { EndedPosition, EndedSessions, NewSession } from "../../src/sessions/refresh-token-repository.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
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

  /** Goes all the way, so many rows at a time. Answers what each batch has deleted. */
  async function deleteAll(ended: EndedSessions, limit: number): Promise<number[]> {
    const deleted: number[] = [];
    let position: EndedPosition | null | undefined;
    while (position !== null) {
      const batch = await sessions.deleteEnded(ended, limit, position);
      deleted.push(batch.deleted);
      position = batch.next;
    }
    return deleted;
  }

  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

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
      expect(sum(await deleteAll(ended, 100))).to.equal(4 - left.length);
      expect(await users()).to.deep.equal(left);
      expect(await sessions.countEnded(ended)).to.equal(0);
      expect(sum(await deleteAll(ended, 100))).to.equal(0);
    });
  }

  for (const limit of [1, 2, 3, 100]) {
    it(`looks at no more than it is told to, and passes every session (${limit} at a time)`, async () => {
      await fill();
      const all = { createdBefore: day(5), lastRotatedBefore: day(10) };
      const deleted = await deleteAll(all, limit);
      expect(sum(deleted)).to.equal(3);
      expect(Math.max(...deleted)).to.be.at.most(limit);
      expect(await users()).to.deep.equal(["fresh"]);
    });
  }

  it("counts a session once that is over for every reason", async () => {
    const { id } = await sessions.create(newSession({ created: day(1) }));
    await sessions.revoke(id, day(2));
    const ended = { createdBefore: day(5), lastRotatedBefore: day(10) };
    expect(await sessions.countEnded(ended)).to.equal(1);
    expect(sum(await deleteAll(ended, 1))).to.equal(1);
  });

  it("is told nothing, and looks at nothing, with a limit of 0", async () => {
    await fill();
    // There is still something to look at: it is not told that this was the end.
    expect(await sessions.deleteEnded({}, 0)).to.deep.equal({ deleted: 0, next: { walk: 0, last: null } });
    expect(await sessions.countEnded({})).to.equal(1);
  });

  it("never looks again at what it has passed and kept", async () => {
    // Old and in use: they stand before all others, and each batch that began anew would pass them again.
    for (let number = 0; number < 20; number++) {
      const live = newSession({ user: "live", created: day(1) });
      await sessions.create(live);
      await sessions.rotate({ hash: live.hash, generation: 0 }, day(19), CLIENT);
    }
    for (let number = 0; number < 5; number++) await sessions.create(newSession({ user: "stale", created: day(2) }));
    const ended = { lastRotatedBefore: day(10) };
    // Nothing is revoked; 25 rows, ten at a time.
    expect(await deleteAll(ended, 10)).to.deep.equal([0, 0, 5]);
    expect(await users()).to.deep.equal(Array.from({ length: 20 }, () => "live"));
  });

  it("comes to an end where many rows that stay are of one moment", async () => {
    const live = Array.from({ length: 30 }, () => newSession({ user: "live", created: day(1) }));
    for (const session of live) {
      await sessions.create(session);
      await sessions.rotate({ hash: session.hash, generation: 0 }, day(19), CLIENT);
    }
    await sessions.create(newSession({ user: "stale", created: day(2) }));
    if (dataSource.options.type !== "better-sqlite3") {
      await dataSource.query("UPDATE refresh_token SET created = created + INTERVAL 7 MICROSECOND");
    }
    expect(sum(await deleteAll({ lastRotatedBefore: day(10) }, 4))).to.equal(1);
  });

  it("does not delete what is rotated after it was looked at", async () => {
    const session = newSession({ user: "late", created: day(1) });
    await sessions.create(session);
    const rows = dataSource.getRepository(RefreshToken);
    const find = rows.find.bind(rows);
    // The repository is TypeORM's own: between its two statements somebody refreshes.
    rows.find = async (options) => {
      const found = await find(options);
      await sessions.rotate({ hash: session.hash, generation: 0 }, day(19), CLIENT);
      return found;
    };
    try {
      expect(sum(await deleteAll({ lastRotatedBefore: day(10) }, 10))).to.equal(0);
    } finally {
      rows.find = find;
    }
    expect(await users()).to.deep.equal(["late"]);
  });
});
