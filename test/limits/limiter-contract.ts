import { expect } from "chai";
import type { RateLimiterLike, RateLimiterRes } from "rate-limiter-flexible";
import type { LimiterFactory } from "../../src/limits/limiter-factory.js";

/** A store under test. */
export interface StoreUnderTest {
  readonly limiters: LimiterFactory;
  /** Lets time pass, without waiting. */
  advance(seconds: number): Promise<void>;
}

const WINDOW = 900;
let count = 0;

/** What the login limiter relies on, of every store. Call it in a suite whose hooks open and close the store. */
export function itKeepsTheContract(store: () => StoreUnderTest): void {
  let limiter: RateLimiterLike;
  beforeEach(() => {
    limiter = make(3);
  });

  /** A limiter that has seen nothing. */
  function make(points: number, duration = WINDOW): RateLimiterLike {
    count += 1;
    return store().limiters({ keyPrefix: `test-${count}`, points, duration });
  }

  it("allows as many as it says, and refuses the next until the window ends", async () => {
    for (const consumed of [1, 2, 3]) {
      expect((await limiter.consume("a")).consumedPoints).to.equal(consumed);
    }
    await store().advance(100);
    expectWait(await refusal(limiter, "a"), WINDOW - 100);
    await store().advance(WINDOW - 200);
    expectWait(await refusal(limiter, "a"), 100); // What was refused has not made it longer.
    await store().advance(100);
    expect((await limiter.consume("a")).consumedPoints).to.equal(1);
  });

  it("counts keys, and limits, by themselves", async () => {
    const other = make(1);
    await other.consume("a");
    for (const key of ["a", "a", "a", "b", "b", "b"]) await limiter.consume(key);
    await refusal(limiter, "a");
    await refusal(other, "a");
    await other.consume("b");
  });

  it("counts each of 100 attempts that are made at once", async () => {
    const busy = make(10);
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => busy.consume("a")));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).to.have.length(10);
    expect((await busy.get("a"))?.consumedPoints).to.equal(100);
  });

  it("gives points back, but not those of a window that is over", async () => {
    await limiter.reward("a");
    for (let i = 0; i < 3; i++) await limiter.consume("a");
    await limiter.reward("a");
    expect((await limiter.consume("a")).consumedPoints).to.equal(3);
    await refusal(limiter, "a");
    await store().advance(WINDOW);
    await limiter.reward("a");
    for (const consumed of [1, 2, 3]) expect((await limiter.consume("a")).consumedPoints).to.equal(consumed);
    await refusal(limiter, "a");
  });

  it("does not give back more than there is", async () => {
    await limiter.consume("a");
    await limiter.reward("a");
    await limiter.reward("a");
    expect((await limiter.consume("a")).consumedPoints).to.equal(1);
  });

  it("forgets a key", async () => {
    for (let i = 0; i < 3; i++) await limiter.consume("a");
    expect(await limiter.delete("a")).to.equal(true);
    expect(await limiter.delete("a")).to.equal(false);
    expect(await limiter.get("a")).to.equal(null);
    expect((await limiter.consume("a")).consumedPoints).to.equal(1);
  });

  it("remembers what it is told for as long as it is told, and begins anew when it is told again", async () => {
    await limiter.set("a", 1, 600);
    await store().advance(500);
    expect((await limiter.get("a"))?.consumedPoints).to.equal(1);
    await limiter.set("a", 1, 600);
    await store().advance(500);
    expect((await limiter.get("a"))?.consumedPoints).to.equal(1);
    await store().advance(100);
    expect(await limiter.get("a")).to.equal(null);
  });
}

/** What an attempt is refused with. */
async function refusal(limiter: RateLimiterLike, key: string): Promise<RateLimiterRes> {
  const outcome = await limiter.consume(key).then(
    () => "allowed",
    (refused: unknown) => refused,
  );
  if (outcome === "allowed" || outcome instanceof Error) throw new Error(`not refused: ${String(outcome)}`);
  return outcome as RateLimiterRes;
}

/** Redis counts by its own clock, which goes on a little. */
function expectWait({ msBeforeNext }: RateLimiterRes, seconds: number): void {
  expect(msBeforeNext)
    .to.be.greaterThan(0)
    .and.at.most(seconds * 1000);
  expect(Math.ceil(msBeforeNext / 1000)).to.be.within(seconds - 50, seconds);
}
