import { expect } from "chai";
import { TokenClearing } from "../../src/server/token-clearing.js";
import type { SetTimer } from "../../src/timer.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { TypeOrmRefreshTokens } from "../../src/sessions/typeorm-refresh-tokens.js";
import { JwtSettings } from "../../src/settings/jwt-settings.js";
import { onEachDatabase } from "../support/databases.js";
import { dataOf } from "../support/faces.js";
import { insertSessions } from "../support/insert-sessions.js";
import { PASSWORD, START, testContext } from "../support/test-context.js";
import { until } from "../support/until.js";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** A timer that a test wakes: `delays` holds what is being waited for. */
class ManualTimer {
  readonly delays: number[] = [];
  private wakes: (() => void)[] = [];

  readonly set: SetTimer = (wake, milliseconds) => {
    this.delays.push(milliseconds);
    this.wakes.push(wake);
    return () => {
      this.wakes = this.wakes.filter((other) => other !== wake);
    };
  };

  get waiting(): number {
    return this.wakes.length;
  }

  wake(): void {
    for (const wake of this.wakes.splice(0)) wake();
  }
}

/** Settles when the timer has been set again: the turn is over. */
async function turnOf(timer: ManualTimer): Promise<void> {
  timer.wake();
  while (timer.waiting === 0) await new Promise((resolve) => void setImmediate(resolve));
}

onEachDatabase("clearTokensEvery", (createDatabase) => {
  const context = testContext({}, createDatabase);
  const days = (count: number) => new Date(Date.parse(START) - count * DAY * 1000);

  function clearing(timer: ManualTimer, clearTokensEvery: number | undefined = HOUR) {
    const { dataSource } = context.server.application;
    const logged: object[] = [];
    const log = (level: string) => (details: object, message: string) =>
      void logged.push({ level, message, ...details });
    const parts = {
      settings: { ...context.server.application.auth.settings, clearTokensEvery },
      refreshTokens: new TypeOrmRefreshTokens(dataSource),
      clock: context.clock,
      logger: { info: log("info"), warn: log("warn"), error: log("error") },
      setTimer: timer.set,
    };
    return { logged, parts, clearing: new TokenClearing(parts) };
  }

  async function rows(): Promise<number> {
    return context.server.application.dataSource.getRepository(RefreshToken).count();
  }

  beforeEach(() => context.server.application.dataSource.getRepository(RefreshToken).clear());

  it("deletes what has ended and expired, tells the log, and waits again", async () => {
    const { dataSource } = context.server.application;
    const { refreshToken } = await context.login();
    await insertSessions(dataSource, 1201, { created: days(8), revoked: null });
    await insertSessions(dataSource, 10, { created: days(1), revoked: days(0) });
    const timer = new ManualTimer();
    const { clearing: running, logged } = clearing(timer);
    running.start();
    expect(await rows()).to.equal(1212); // Not before its time.
    await turnOf(timer);
    expect(await rows()).to.equal(1);
    await turnOf(timer);
    expect(logged).to.deep.equal([
      { level: "info", message: "cleared refresh tokens", deleted: 1211 },
      { level: "info", message: "cleared refresh tokens", deleted: 0 },
    ]);
    expect(dataOf(await context.trpc.refreshToken({ refreshToken }))).to.have.property("refreshToken");
    await running.stop();
    expect(timer.waiting).to.equal(0);
  });

  it("waits about as long as it is told, not the same on every server, and never longer than a timer can", () => {
    const timer = new ManualTimer();
    for (let server = 0; server < 50; server += 1) clearing(timer).clearing.start();
    expect(Math.min(...timer.delays)).to.be.at.least(HOUR * 500);
    expect(Math.max(...timer.delays)).to.be.at.most(HOUR * 1500);
    expect(new Set(timer.delays).size).to.be.greaterThan(40);
    const long = new ManualTimer();
    clearing(long, 365 * DAY).clearing.start();
    expect(long.delays).to.deep.equal([2 ** 31 - 1]);
    const none = new ManualTimer();
    clearing(none).clearing.start();
    new TokenClearing({ ...clearing(none).parts, settings: new JwtSettings() }).start();
    expect(none.waiting).to.equal(1);
  });

  it("is done by several servers at once without a failure, and each row is deleted once", async () => {
    const { dataSource } = context.server.application;
    await insertSessions(dataSource, 3000, { created: days(8), revoked: null });
    const timer = new ManualTimer();
    const servers = Array.from({ length: 4 }, () => clearing(timer));
    for (const { clearing: running } of servers) running.start();
    timer.wake();
    while (timer.waiting < servers.length) await new Promise((resolve) => void setImmediate(resolve));
    const lines = servers.flatMap(({ logged }) => logged as { level: string; deleted: number }[]);
    expect(lines.map(({ level }) => level)).to.deep.equal(["info", "info", "info", "info"]);
    expect(lines.reduce((total, { deleted }) => total + deleted, 0) + (await rows())).to.equal(3000);
    await Promise.all(servers.map(({ clearing: running }) => running.stop()));
  });

  it("stops after the batch that it is at, and does not wait again", async () => {
    const { dataSource } = context.server.application;
    await insertSessions(dataSource, 2000, { created: days(8), revoked: null });
    const timer = new ManualTimer();
    const { clearing: running, logged } = clearing(timer);
    running.start();
    timer.wake();
    await running.stop();
    expect(logged).to.deep.equal([{ level: "info", message: "cleared refresh tokens", deleted: 250 }]);
    expect(await rows()).to.equal(1750);
    expect(timer.waiting).to.equal(0);
  });

  it("goes on after a failure, which the log has", async () => {
    const timer = new ManualTimer();
    const { parts, logged } = clearing(timer);
    const failure = new Error("no database");
    const broken = Object.assign(Object.create(parts.refreshTokens) as TypeOrmRefreshTokens, {
      deleteEnded: () => Promise.reject(failure),
    });
    const running = new TokenClearing({ ...parts, refreshTokens: broken });
    running.start();
    await turnOf(timer);
    expect(logged).to.deep.equal([{ level: "warn", message: "clearing refresh tokens failed", err: failure }]);
    await running.stop();
  });

  it("lets logins and refreshes have their turn after every batch of a large clear", async () => {
    const { dataSource } = context.server.application;
    await insertSessions(dataSource, 10_000, { created: days(8), revoked: null });
    let { refreshToken } = await context.login();
    const { username } = await context.createUser();
    const timer = new ManualTimer();
    const { clearing: running, logged } = clearing(timer);
    running.start();
    timer.wake();
    const left: number[] = [];
    while (timer.waiting === 0) {
      refreshToken = dataOf(await context.trpc.refreshToken({ refreshToken })).refreshToken ?? "";
      dataOf(await context.graphql.tokenAuth({ username, password: PASSWORD }));
      left.push(await rows());
    }
    expect(logged).to.deep.equal([{ level: "info", message: "cleared refresh tokens", deleted: 10_000 }]);
    // Served while it went on, and not only before and after it.
    expect(left.filter((count) => count > 1000 && count < 10_000).length).to.be.greaterThan(0);
    console.log(`      ${JSON.stringify({ cleared: 10_000, loginsAndRefreshesMeanwhile: left.length })}`);
    await running.stop();
  });
});

describe("JWT_CLEAR_TOKENS_EVERY", () => {
  const context = testContext({ JWT_CLEAR_TOKENS_EVERY: "1 s" });

  it("makes the bundled server clear by itself", async function () {
    this.timeout(20_000);
    const { dataSource } = context.server.application;
    await insertSessions(dataSource, 3, { created: new Date(START), revoked: new Date(START) });
    await until(() => context.log.some(({ msg, deleted }) => msg === "cleared refresh tokens" && deleted === 3));
    expect(await dataSource.getRepository(RefreshToken).count()).to.equal(0);
  });
});
