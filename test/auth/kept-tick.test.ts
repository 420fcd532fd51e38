import { expect } from "chai";
import { runNode } from "../support/child-process.js";

/** Looks for objects of `process.nextTick` after full collections, without being what keeps them alive. */
const LOOKING = `
  import { createHook } from "node:async_hooks";
  import { setTimeout } from "node:timers/promises";
  const load = (file) => import(new URL(file, process.argv[1]));
  const ticksOf = async (work) => {
    const ticks = [];
    const init = (id, type, trigger, resource) => type === "TickObject" && ticks.push(new WeakRef(resource));
    const hook = createHook({ init }).enable();
    const result = await work();
    hook.disable();
    return { ticks, result };
  };
  const alive = async ({ ticks }) => {
    for (let turn = 0; turn < 3; turn += 1) { await setTimeout(0); gc(); }
    return ticks.filter((tick) => tick.deref() !== undefined).length;
  };
`;

const ALONE = `
  const { keepTick } = await load("auth/kept-tick.js");
  let owner = {};
  const plain = await ticksOf(() => process.nextTick(() => {}));
  const kept = await ticksOf(() => keepTick(owner));
  const answer = { plain: await alive(plain), kept: await alive(kept) };
  owner = undefined;
  console.log(JSON.stringify({ ...answer, released: await alive(kept) }));
`;

const OF_AN_AUTH = `
  await import("reflect-metadata");
  const { createAuth } = await load("index.js");
  const users = { findByNaturalKey: async () => null, checkPassword: async () => false };
  const secretKey = "a secret that is long enough for the tests, and for HS256";
  const kept = await ticksOf(() => createAuth({ users, secretKey }));
  const there = await alive(kept);
  kept.result = undefined;
  console.log(JSON.stringify({ there, gone: await alive(kept) }));
`;

async function run(program: string): Promise<unknown> {
  const source = new URL("../../src/", import.meta.url).href;
  const options = ["--expose-gc", "--input-type=module", "--eval", LOOKING + program, source];
  const { code, stdout, stderr } = await runNode(options);
  expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

describe("the kept tick", () => {
  it("outlives full collections of garbage as long as its owner does, and others do not", async () => {
    expect(await run(ALONE)).to.deep.equal({ plain: 0, kept: 1, released: 0 });
  });

  it("is kept for what is created once in each process that serves requests", async () => {
    expect(await run(OF_AN_AUTH)).to.deep.equal({ there: 1, gone: 0 });
  });
});
