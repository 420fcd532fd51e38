import { expect } from "chai";
import { databaseLimiters, memoryLimiters } from "../../src/limits/limiters.js";
import { LoginAttempt } from "../../src/limits/login-attempt.js";
import { MemoryPoints } from "../../src/limits/memory-points.js";
import { connectRedis, type RedisConnection } from "../../src/server/redis-connection.js";
import { DataSources } from "../database/open-data-source.js";
import { onEachDatabase } from "../support/databases.js";
import { onRedis } from "../support/redis-server.js";
import { TestClock } from "../support/test-clock.js";
import { itKeepsTheContract, type StoreUnderTest } from "./limiter-contract.js";

describe("limiters in memory", () => {
  const clock = new TestClock();
  const limiters = memoryLimiters(clock);
  itKeepsTheContract(() => ({ limiters, advance: async (seconds) => clock.advance(seconds) }));

  it("keep a bounded number of keys: those that are over go first, then the oldest", async () => {
    const points = new MemoryPoints(20);
    for (let i = 0; i < 19; i++) await points.add(`live ${i}`, 1, { now: 0, ends: 1000 });
    await points.add("over", 1, { now: 0, ends: 10 });
    await points.add("next", 1, { now: 10, ends: 1000 });
    expect(await points.find("over", 10)).to.equal(null);
    expect(points.size).to.equal(19); // Room is made for a tenth at once, so "live 0" went with it.
    expect(await points.find("live 0", 10)).to.equal(null);
    expect(await points.find("live 1", 10)).to.deep.equal({ points: 1, ends: 1000 });
    for (let i = 0; i < 1000; i++) await points.add(`flood ${i}`, 1, { now: 11, ends: 1000 });
    expect(points.size).to.be.at.most(20);
    expect((await points.find("flood 999", 11))?.points).to.equal(1);
  });
});

onEachDatabase("limiters in the database", (createDatabase) => {
  const dataSources = new DataSources();
  const clock = new TestClock();
  let store: StoreUnderTest;
  let url: string;
  before(async () => {
    url = await createDatabase();
    const limiters = databaseLimiters(await dataSources.migrated(url), clock);
    store = { limiters, advance: async (seconds) => clock.advance(seconds) };
  });
  after(() => dataSources.close());

  itKeepsTheContract(() => store);

  it("delete rows whose window is over, so that they do not pile up", async () => {
    const dataSource = await dataSources.connect(url);
    const rows = dataSource.getRepository(LoginAttempt);
    const limiter = databaseLimiters(dataSource, clock)({ keyPrefix: "sweep", points: 3, duration: 60 });
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 150; i++) await limiter.consume(`${round}-${i}`);
      clock.advance(60);
    }
    expect(await rows.count()).to.be.at.most(300);
    await limiter.consume("kept");
    for (let i = 0; i < 200; i++) await limiter.consume(`last-${i}`);
    expect((await limiter.get("kept"))?.consumedPoints).to.equal(1);
  });
});

onRedis("limiters in Redis", (server) => {
  let redis: RedisConnection;
  before(async () => {
    redis = await connectRedis(server().url, { info() {}, warn: fail, error: fail }, new TestClock());
  });
  after(() => redis.close());

  /** The insurance would keep the contract too. */
  function fail(details: object, message: string): void {
    throw new Error(`${message}: ${JSON.stringify(details)}`);
  }

  itKeepsTheContract(() => ({ limiters: redis.limiters, advance: (seconds) => server().advance(seconds) }));

  it("let Redis delete every key by itself", async () => {
    await server().send(["FLUSHALL"]);
    const limiter = redis.limiters({ keyPrefix: "expiry", points: 1, duration: 900 });
    await limiter.consume("counted");
    await limiter.reward("counted");
    await limiter.set("told", 1, 900);
    const keys = await server().keys();
    expect(keys.toSorted()).to.deep.equal(["janus:expiry:counted", "janus:expiry:told"]);
    for (const key of keys) expect(await server().send(["PTTL", key])).to.be.within(1, 900_000);
  });
});
