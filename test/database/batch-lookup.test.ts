import { expect } from "chai";
import type { BatchLimits } from "../../src/database/batches.js";
import { BatchLookup } from "../../src/database/batch-lookup.js";

/** A lookup that answers the length of a key, and what it was asked for. */
function lengths(limits?: Partial<BatchLimits>) {
  const asked: string[][] = [];
  const lookup = new BatchLookup<number>(async (keys) => {
    asked.push(keys);
    if (keys.includes("broken")) throw new Error("no database");
    return new Map(keys.filter((key) => key !== "unknown").map((key) => [key, key.length]));
  }, limits);
  return { asked, lookup };
}

describe("BatchLookup", () => {
  it("asks once for all keys of one turn, and once for each", async () => {
    const { asked, lookup } = lengths();
    const found = await Promise.all(["a", "bb", "a", "unknown"].map((key) => lookup.find(key)));
    expect(found).to.deep.equal([1, 2, 1, null]);
    expect(asked).to.deep.equal([["a", "bb", "unknown"]]);
  });

  it("includes what is asked for after awaiting something of the same turn", async () => {
    const { asked, lookup } = lengths();
    const late = Promise.resolve().then(() => lookup.find("bb"));
    expect(await Promise.all([lookup.find("a"), late])).to.deep.equal([1, 2]);
    expect(asked).to.deep.equal([["a", "bb"]]);
  });

  it("asks again in another turn: it is no cache", async () => {
    const { asked, lookup } = lengths();
    await lookup.find("a");
    await lookup.find("a");
    expect(asked).to.deep.equal([["a"], ["a"]]);
  });

  it("asks anew while a load is under way: what changed since that was sent is seen", async () => {
    let value = 1;
    let sent: () => void = () => undefined;
    let answer: () => void = () => undefined;
    const isSent = new Promise<void>((resolve) => (sent = resolve));
    const isAnswered = new Promise<void>((resolve) => (answer = resolve));
    const lookup = new BatchLookup<number>(async () => {
      const read = value;
      sent();
      await isAnswered;
      return new Map([["a", read]]);
    });
    const before = lookup.find("a");
    await isSent;
    value = 2;
    const after = lookup.find("a");
    answer();
    expect(await Promise.all([before, after])).to.deep.equal([1, 2]);
  });

  it("gives no load more keys than its limit", async () => {
    const { asked, lookup } = lengths({ size: 2 });
    await Promise.all(["a", "b", "c", "d", "e"].map((key) => lookup.find(key)));
    expect(asked).to.deep.equal([["a", "b"], ["c", "d"], ["e"]]);
  });

  it("tells an error to all who wait for that load, and to nobody else", async () => {
    const { lookup } = lengths({ size: 2 });
    const results = await Promise.allSettled(["a", "broken", "a", "c"].map((key) => lookup.find(key)));
    const outcomes = results.map((result) => (result.status === "fulfilled" ? result.value : result.reason.message));
    expect(outcomes).to.deep.equal(["no database", "no database", "no database", 1]);
    expect(await lookup.find("a")).to.equal(1);
  });

  it("takes any string for a key", async () => {
    const { lookup } = lengths();
    expect(await lookup.find("__proto__")).to.equal(9);
    expect(await lookup.find("")).to.equal(0);
  });
});
