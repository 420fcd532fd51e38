import { expect } from "chai";
import { Progress } from "../../src/cli/progress.js";
import { testCommandContext } from "../support/command-line.js";
import { TestClock } from "../support/test-clock.js";

describe("Progress", () => {
  it("is told now and then where nobody may be watching", () => {
    const clock = new TestClock();
    const context = testCommandContext({ clock });
    const progress = new Progress(context, (done) => `Deleted ${done} of 9`);
    for (const [seconds, done] of [
      [0, 1],
      [4.999, 2],
      [0.001, 3],
      [1, 4],
      [4, 5],
      [60, 6],
    ] as const) {
      clock.advance(seconds);
      progress.report(done);
    }
    progress.end();
    expect(context.written("stderr")).to.equal("Deleted 3 of 9\nDeleted 5 of 9\nDeleted 6 of 9\n");
  });

  it("is one line on a terminal, from the beginning", () => {
    const context = testCommandContext({ clock: new TestClock(), terminal: true });
    const progress = new Progress(context, (done) => `Deleted ${done} of 9`);
    progress.report(1);
    progress.report(9);
    progress.end();
    expect(context.written("stderr")).to.equal("\rDeleted 1 of 9\rDeleted 9 of 9\n");
  });
});
