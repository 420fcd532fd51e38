import { expect } from "chai";
import { clearSessions } from "../../src/auth/clear-sessions.js";
import type { EndedPosition, RefreshTokenRepository } from "../../src/sessions/refresh-token-repository.js";

/** A database with so many rows that are over, in which a row takes so many milliseconds of a clock of its own. */
function database(rows: number, millisecondsPerRow: number) {
  let time = 0;
  const limits: number[] = [];
  const pauses: number[] = [];
  const positions: (EndedPosition | undefined)[] = [];
  const repository = {
    async deleteEnded(_ended: unknown, limit: number, after?: EndedPosition) {
      const done = after?.walk ?? 0;
      const deleted = Math.min(limit, rows - done);
      limits.push(limit);
      positions.push(after);
      time += deleted * millisecondsPerRow;
      return { deleted, next: done + deleted < rows ? { walk: done + deleted, last: null } : null };
    },
  } as Pick<RefreshTokenRepository, "deleteEnded"> as RefreshTokenRepository;
  const options = {
    now: () => time,
    pause: async (milliseconds: number) => void pauses.push(milliseconds),
  };
  return { repository, options, limits, pauses, positions };
}

describe("clearSessions", () => {
  it("rests after each batch for as long as that took, and not after the last one", async () => {
    const { repository, options, limits, pauses } = database(700, 0.06);
    expect(await clearSessions(repository, {}, options)).to.equal(700);
    expect(limits).to.deep.equal([250, 250, 250]);
    expect(pauses).to.deep.equal([15, 15]);
  });

  it("makes batches smaller where the database is slow, and larger where it is fast", async () => {
    const slow = database(400, 1);
    await clearSessions(slow.repository, {}, slow.options);
    expect(slow.limits).to.deep.equal([250, 125, 62]);
    expect(slow.pauses).to.deep.equal([250, 125]);
    const fast = database(4_000, 0.001);
    await clearSessions(fast.repository, {}, fast.options);
    expect(fast.limits).to.deep.equal([250, 500, 1_000, 1_000, 1_000, 1_000]);
  });

  it("never rests longer than a second, and never goes below 50 rows", async () => {
    const { repository, options, limits, pauses } = database(700, 100);
    await clearSessions(repository, {}, options);
    expect(limits).to.deep.equal([250, 125, 62, 50, 50, 50, 50, 50, 50]);
    expect(new Set(pauses)).to.deep.equal(new Set([1_000]));
  });

  it("goes on where it was, up to its limit", async () => {
    const { repository, options, positions } = database(10_000, 0.06);
    const reported: number[] = [];
    const report = (deleted: number) => void reported.push(deleted);
    expect(await clearSessions(repository, {}, { ...options, limit: 600, report })).to.equal(600);
    expect(reported).to.deep.equal([250, 500, 600]);
    expect(positions.map((position) => position?.walk)).to.deep.equal([undefined, 250, 500]);
  });

  it("begins no batch once it is told to stop, also while it rests", async () => {
    const stop = new AbortController();
    const { repository, options, limits } = database(10_000, 0.06);
    const cleared = clearSessions(
      repository,
      {},
      { now: options.now, signal: stop.signal, report: () => setImmediate(() => stop.abort()) },
    );
    expect(await cleared).to.equal(250);
    expect(limits).to.deep.equal([250]);
  });
});
