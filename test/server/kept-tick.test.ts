import { execFileSync } from "node:child_process";
import { expect } from "chai";

/** Looks for objects of `process.nextTick` after full collections, without being what keeps them alive. */
const PROGRAM = `
  import { createHook } from "node:async_hooks";
  import { setTimeout } from "node:timers/promises";
  const { keepTick } = await import(process.argv[1]);
  const ticksOf = (work) => {
    const ticks = [];
    const init = (id, type, trigger, resource) => type === "TickObject" && ticks.push(new WeakRef(resource));
    const hook = createHook({ init }).enable();
    const result = work();
    hook.disable();
    return { ticks, result };
  };
  const alive = async (ticks) => {
    for (let turn = 0; turn < 3; turn += 1) { await setTimeout(0); gc(); }
    return ticks.filter((tick) => tick.deref() !== undefined).length;
  };
  const plain = ticksOf(() => process.nextTick(() => {}));
  const kept = ticksOf(keepTick);
  const answer = { plain: await alive(plain.ticks), kept: await alive(kept.ticks) };
  kept.result();
  console.log(JSON.stringify({ ...answer, released: await alive(kept.ticks) }));
`;

describe("the kept tick", () => {
  it("outlives full collections of garbage until it is let go, and others do not", () => {
    const file = new URL("../../src/server/kept-tick.js", import.meta.url).href;
    const options = ["--expose-gc", "--input-type=module", "--eval", PROGRAM, file];
    const answer: unknown = JSON.parse(execFileSync(process.execPath, options, { encoding: "utf8" }));
    expect(answer).to.deep.equal({ plain: 0, kept: 1, released: 0 });
  });
});
