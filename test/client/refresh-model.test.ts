import * as fc from "fast-check";
import { type Action, ACTIONS, Run } from "./lab/run.js";
import { testContext } from "../support/test-context.js";

describe("two tabs with one session, whatever happens to them", function () {
  this.timeout(120_000);
  const context = testContext();

  it("send each request at most twice and refresh once, and drop the session if and only if it is over", async () => {
    const runs = fc.asyncProperty(fc.array(ACTIONS, { minLength: 3, maxLength: 20 }), async (actions: Action[]) => {
      context.reset();
      const run = await Run.begin(context);
      for (const action of actions) await run.do(action);
    });
    await fc.assert(runs, { numRuns: 60 });
  });
});
