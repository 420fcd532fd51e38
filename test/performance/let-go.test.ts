import { execFileSync } from "node:child_process";
import { expect } from "chai";

/*
 * What is over must be garbage at once. Where something that lives on chains what has been, such as the tables that a Set or
 * a Map outgrows, V8's small collections keep some of it until a full one: that was a seventh of a refresh's time. It is
 * counted in bytes that small collections alone have left in the old generation.
 */

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;
/** How many are over in all, a kibibyte each. */
const COUNT = 100_000;
const IN_FLIGHT = 50;

/** Keeps so many in flight, and answers how much is left of those that were. */
const CHURN = `
  import { getHeapSpaceStatistics } from "node:v8";
  const oldGeneration = () => getHeapSpaceStatistics()
    .filter(({ space_name }) => /^(old|large_object)_space$/.test(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
  globalThis.payload = () => Array.from({ length: ${KIBIBYTE / 8} }, Math.random);
  globalThis.churn = async (begin) => {
    const turns = async (count) => {
      for (let turn = 0; turn < count; turn += 1) {
        const done = begin(turn);
        if (turn % 500 === 0) gc({ type: "minor" });
        await done;
      }
    };
    await turns(${COUNT / 10});
    const before = oldGeneration();
    await turns(${COUNT});
    return oldGeneration() - before;
  };
`;

const LINES = {
  "a Set": `
    const running = new Set();
    const flying = [];
    left = await churn(() => {
      const one = { payload: payload() };
      running.add(one);
      if (flying.push(one) > ${IN_FLIGHT}) running.delete(flying.shift());
    });`,
  "the limit of answers": `
    const { AnswerLimit } = await load("server/answer-limit.js");
    const limit = new AnswerLimit(60_000);
    const flying = [];
    left = await churn(() => {
      const one = { started: performance.now(), giveUp() {}, payload: payload() };
      if (flying.push(limit.begin(one)) > ${IN_FLIGHT}) limit.end(flying.shift());
    });`,
} as const;

function leftOf(name: keyof typeof LINES): number {
  const source = new URL("../../src/", import.meta.url).href;
  const program = `${CHURN}
    const load = (file) => import(${JSON.stringify(source)} + file);
    let left;
    ${LINES[name]}
    console.log(left);
    process.exit(0);`;
  const flags = ["--expose-gc", "--single-threaded-gc", "--input-type=module"];
  return Number(execFileSync(process.execPath, [...flags, "--eval", program], { encoding: "utf8" }));
}

describe("what is over, counted without full collections", () => {
  it("is kept in part by a Set: this test can see it", () => expect(leftOf("a Set")).to.be.above(5 * MEBIBYTE));

  it("is let go by the limit of answers", () => expect(leftOf("the limit of answers")).to.be.below(MEBIBYTE));
});
