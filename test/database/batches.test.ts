import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import { Batches, STUCK_AFTER } from "../../src/database/batches.js";
import { TestClock } from "../support/test-clock.js";
import { TestTimers } from "../support/test-timers.js";

/** Batches of at most two, two of them under way, that end when they are told to. */
function heldBatches() {
  const timers = new TestTimers(new TestClock());
  const begun: string[][] = [];
  const ends: (() => void)[] = [];
  const work = (items: string[]) => {
    begun.push(items);
    return new Promise<void>((resolve) => ends.push(resolve));
  };
  const batches = new Batches<string>(work, { size: 2, running: 2 }, timers.set);
  async function add(...items: string[]): Promise<void> {
    for (const item of items) batches.add(item);
    await nextTurn();
  }
  async function end(index: number): Promise<void> {
    ends[index]?.();
    await nextTurn();
    await nextTurn();
  }
  return { timers, begun, add, end };
}

describe("Batches", () => {
  it("grow while as many as may be are under way", async () => {
    const { begun, add, end } = heldBatches();
    await add("a");
    await add("b");
    await add("c");
    await add("d");
    expect(begun).to.deep.equal([["a"], ["b"]]);
    await end(0);
    expect(begun).to.deep.equal([["a"], ["b"], ["c", "d"]]);
  });

  it("do not wait for those that are stuck, and count them once", async () => {
    const { timers, begun, add, end } = heldBatches();
    await add("a");
    await add("b");
    await add("c");
    await timers.pass((STUCK_AFTER - 1) / 1000);
    expect(begun).to.deep.equal([["a"], ["b"]]);
    await timers.pass(1 / 1000);
    await nextTurn();
    expect(begun).to.deep.equal([["a"], ["b"], ["c"]]);
    await end(0);
    await end(1);
    await add("d");
    await add("e");
    expect(begun).to.deep.equal([["a"], ["b"], ["c"], ["d"]]); // "c" and "d" are two
    await end(2);
    await end(3);
    await end(4);
    expect(begun).to.deep.equal([["a"], ["b"], ["c"], ["d"], ["e"]]);
    expect(timers.size).to.equal(0);
  });
});
