import { randomInt } from "node:crypto";
import { expect } from "chai";
import { array, assert as assertProperty, asyncProperty } from "fast-check";
import { testContext } from "../support/test-context.js";
import { ConnectionRun, FIRST_STEP, STEPS } from "./model/connection-run.js";
import { Host } from "./model/host.js";

/** Another run of the same cases: `FAST_CHECK_SEED=… npm test`. */
const SEED = Number(process.env["FAST_CHECK_SEED"] ?? randomInt(2 ** 31));

describe("a socket and the model of its connection agree", function () {
  this.timeout(120_000);
  const context = testContext();
  let host: Host;
  before(async () => void (host = await Host.start(context)));
  after(() => host.stop());

  for (const face of ["GraphQL", "tRPC"] as const) {
    it(`over ${face}, whatever happens in whatever order (seed ${SEED})`, async () => {
      const endings = new Map<string, number>();
      const runs = asyncProperty(FIRST_STEP, array(STEPS, { maxLength: 25, size: "max" }), async (first, steps) => {
        const run = await ConnectionRun.begin(context, host, face);
        for (const step of [first, ...steps]) await run.take(step);
        await run.end();
        const { close = "" } = run.model;
        endings.set(close, (endings.get(close) ?? 0) + 1);
      });
      await assertProperty(runs, { seed: SEED, numRuns: 60 });
      expect([...endings.keys()]).to.include.members(["1000 ", "4403 Token expired", "4401 Session revoked"]);
    });
  }
});
