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
  const { keepTick } = await load("server/kept-tick.js");
  const plain = await ticksOf(() => process.nextTick(() => {}));
  const kept = await ticksOf(keepTick);
  const answer = { plain: await alive(plain), kept: await alive(kept) };
  kept.result();
  console.log(JSON.stringify({ ...answer, released: await alive(kept) }));
`;

const IN_A_SERVER = `
  await import("reflect-metadata");
  const { pino } = await import("pino");
  const { createAuth, createDataSource } = await load("index.js");
  const { buildAuthSchema } = await load("graphql/schema.js");
  const { createHttpServer } = await load("server/http-server.js");
  const users = { findByNaturalKey: async () => null, checkPassword: async () => false };
  const auth = await createAuth({ users, secretKey: "a secret that is long enough for the tests, and for HS256" });
  const parts = {
    auth,
    schema: await buildAuthSchema(auth.settings),
    dataSource: createDataSource({ url: "sqlite::memory:", entities: [] }),
    logger: pino({ level: "silent" }),
  };
  const kept = await ticksOf(async () => {
    const server = await createHttpServer(parts);
    await server.ready();
    return server;
  });
  const serving = await alive(kept);
  await kept.result.close();
  console.log(JSON.stringify({ made: kept.ticks.length > 1, serving, closed: await alive(kept) }));
`;

async function run(program: string): Promise<unknown> {
  const source = new URL("../../src/", import.meta.url).href;
  const options = ["--expose-gc", "--input-type=module", "--eval", LOOKING + program, source];
  const { code, stdout, stderr } = await runNode(options);
  expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

describe("the kept tick", () => {
  it("outlives full collections of garbage until it is let go, and others do not", async () => {
    expect(await run(ALONE)).to.deep.equal({ plain: 0, kept: 1, released: 0 });
  });

  it("is kept by a server until it is closed", async () => {
    expect(await run(IN_A_SERVER)).to.deep.equal({ made: true, serving: 1, closed: 0 });
  });
});
