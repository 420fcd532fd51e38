import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { type Application, openApplication } from "../../src/server/application.js";
import { silentLogger } from "../../src/logger.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { janusAuthHere } from "../support/command-line.js";
import { onEachDatabase } from "../support/databases.js";
import { rejection } from "../support/rejection.js";
import { CHEAP_HASHER } from "../support/running-server.js";
import { TestClock } from "../support/test-clock.js";

const DAY = 24 * 60 * 60;
const REQUEST = { headers: {} };

onEachDatabase("janus-auth clear-tokens", (createDatabase) => {
  let clock: TestClock;
  let environment: Record<string, string>;
  beforeEach(async () => {
    clock = new TestClock();
    environment = { DATABASE_URL: await createDatabase(), SECRET_KEY: "k".repeat(64) };
    await janusAuthHere(["migrate"], { environment });
  });

  /** Works on the database as a running server does. */
  async function withApplication<T>(work: (application: Application) => Promise<T>): Promise<T> {
    const application = await openApplication({ environment, clock, logger: silentLogger, hasher: CHEAP_HASHER });
    try {
      return await work(application);
    } finally {
      await application.close();
    }
  }

  async function clear(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await janusAuthHere(["clear-tokens", ...args], { environment, clock });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    return stdout;
  }

  async function logIn({ users, auth }: Application): Promise<string> {
    await users.create({ username: "alice", password: "s3cret" }, clock.now());
    const { refreshToken } = await auth.service.tokenAuth({ username: "alice", password: "s3cret" }, REQUEST);
    if (refreshToken === undefined) throw new Error("no refresh token was handed out");
    return refreshToken;
  }

  it("deletes what was revoked, and nothing else", async () => {
    const [kept, revoked] = await withApplication(async ({ refreshTokens }) => {
      const session = { user: "alice", created: clock.now(), userAgent: null, address: null };
      const rows = [
        await refreshTokens.create({ ...session, hash: randomBytes(32) }),
        await refreshTokens.create({ ...session, hash: randomBytes(32) }),
      ] as const;
      await refreshTokens.revoke(rows[1].id, clock.now());
      return rows;
    });
    clock.advance(1000 * DAY);
    expect(await clear()).to.equal("Deleted 1 refresh token.\n");
    expect(await clear()).to.equal("Deleted 0 refresh tokens.\n");
    await withApplication(async ({ refreshTokens }) => {
      expect(await refreshTokens.findById(kept.id)).to.have.property("id", kept.id);
      expect(await refreshTokens.findById(revoked.id)).to.equal(null);
    });
  });

  const limits: [string, Record<string, string>, number][] = [
    ["7 days after the login", { JWT_REUSE_REFRESH_TOKENS: "false" }, 7 * DAY],
    ["7 days after the last rotation", { JWT_REUSE_REFRESH_TOKENS: "true" }, 7 * DAY],
    ["at the absolute lifetime, where that is shorter", { JWT_REFRESH_ABSOLUTE_LIFETIME: "2 days" }, 2 * DAY],
  ];
  for (const [what, settings, limit] of limits) {
    it(`deletes with --expired exactly what no refresh is answered for: ${what}`, async () => {
      Object.assign(environment, settings);
      const token = await withApplication(logIn);

      clock.advance(limit);
      expect(await clear("--expired")).to.equal("Deleted 0 refresh tokens.\n");
      clock.advance(1);
      await withApplication(async ({ auth }) => {
        const error = await rejection(auth.service.refreshToken({ refreshToken: token }, REQUEST));
        expect(error).to.have.property("message", "Refresh token is expired");
      });
      expect(await clear()).to.equal("Deleted 0 refresh tokens.\n");
      expect(await clear("--expired")).to.equal("Deleted 1 refresh token.\n");
    });
  }

  it("leaves a session that was rotated in time, although it is old", async () => {
    const token = await withApplication(logIn);
    clock.advance(7 * DAY);
    await withApplication(({ auth }) =>
      auth.service.refreshToken({ refreshToken: token }, REQUEST, { successor: true }),
    );
    clock.advance(7 * DAY);
    expect(await clear("--expired")).to.equal("Deleted 0 refresh tokens.\n");
    clock.advance(1);
    expect(await clear("--expired")).to.equal("Deleted 1 refresh token.\n");
  });

  it("deletes any number of them", async () => {
    const now = clock.now();
    const total = 4_321;
    await withApplication(async ({ dataSource, refreshTokens }) => {
      const repository = dataSource.getRepository(RefreshToken);
      const rows = Array.from({ length: total }, (_, index) => ({
        id: `id-${index}`,
        hash: randomBytes(32),
        generation: 0,
        user: "alice",
        created: now,
        rotated: now,
        lastUsed: now,
        revoked: index === 0 ? null : now,
        userAgent: null,
        address: null,
      }));
      await repository.insert(rows.slice(0, 2_000));
      await repository.insert(rows.slice(2_000));
      expect(await refreshTokens.countEnded({})).to.equal(total - 1);
    });
    expect(await clear()).to.equal(`Deleted ${total - 1} refresh tokens.\n`);
    await withApplication(async ({ dataSource }) => {
      expect(await dataSource.getRepository(RefreshToken).count()).to.equal(1);
    });
  });
});
