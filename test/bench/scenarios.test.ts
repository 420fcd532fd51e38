import { existsSync } from "node:fs";
import { expect } from "chai";
import { Bench, hasContenders } from "../../bench/bench.js";
import type { BenchOptions } from "../../bench/options.js";
import { SCENARIOS } from "../../bench/scenarios/index.js";
import type { Table } from "../../bench/result.js";
import { orSkip } from "../support/or-skip.js";

/** A handful of everything: what is looked at is that each answer is right, not how fast. */
const HANDFUL: BenchOptions = {
  only: [],
  rounds: 1,
  seconds: 60,
  requests: 12,
  connections: 4,
  tokens: 3,
  sessions: 100,
  memoryRequests: 100,
  report: "",
  json: undefined,
  cpuProfiles: undefined,
  noisy: false,
};

describe("the benchmark", function () {
  this.timeout(180_000); // Each scenario starts several servers.
  let bench: Bench;
  before(function () {
    if (!existsSync("/proc/self/schedstat")) this.skip(); // What CPU time is read from, on Linux.
    bench = new Bench(HANDFUL, () => undefined);
    if (!hasContenders()) console.log("      without the contenders: `npm run bench` installs them");
  });
  after(() => bench?.stop());

  for (const scenario of SCENARIOS) {
    describe(scenario.name, () => {
      let table: Table;
      before(
        orSkip(async () => {
          table = await scenario.run(bench);
        }),
      );

      it("measures something in every row, and gets no wrong answer", () => {
        expect(table.rows).to.have.length.above(0);
        for (const { name, figure, errors, firstError } of table.rows) {
          expect(errors, `${name}: ${firstError}`).to.equal(0);
          expect(figure.min, name).to.be.above(0);
          expect(figure.max, name).to.be.below(Infinity);
        }
      });
    });
  }
});
