import { randomInt } from "node:crypto";
import { expect } from "chai";
import { assert as assertProperty, asyncProperty } from "fast-check";
import { DataSources } from "../database/open-data-source.js";
import { onEachDatabase } from "../support/databases.js";
import { RefreshRun } from "./refresh-run.js";
import { someSettings, someSteps } from "./refresh-steps.js";

/** Another run of the same cases: `FAST_CHECK_SEED=… npm test`. */
const SEED = Number(process.env["FAST_CHECK_SEED"] ?? randomInt(2 ** 31));

onEachDatabase("the server and the model of refresh tokens agree", (createDatabase) => {
  const dataSources = new DataSources();
  let url: string;

  before(async () => {
    url = await createDatabase();
    await dataSources.migrated(url);
  });
  after(() => dataSources.close());

  it(`whatever happens in whatever order (seed ${SEED})`, async function () {
    this.timeout(120_000);
    const total = { runs: 0, steps: 0, refreshed: 0, refused: 0 };
    const property = asyncProperty(someSettings, someSteps, async (given, steps) => {
      const run = new RefreshRun(() => dataSources.connect(url), given);
      await run.start();
      try {
        for (const taken of steps) await run.take(taken);
        await run.compareRows();
      } finally {
        await run.stop();
      }
      total.runs += 1;
      for (const name of ["steps", "refreshed", "refused"] as const) total[name] += run.counts[name];
    });
    await assertProperty(property, { seed: SEED, numRuns: url.startsWith("sqlite:") ? 200 : 50 });
    console.log(`      ${JSON.stringify(total)}`);
    expect(total.refreshed).to.be.greaterThan(0);
    expect(total.refused).to.be.greaterThan(0);
  });
});
