import { expect } from "chai";
import * as fc from "fast-check";
import { medianInterval } from "./timing.js";

describe("medianInterval", () => {
  it("has the median in the middle, whatever the order and however wild some values are", () => {
    const values = Array.from({ length: 101 }, (_, index) => (index === 100 ? 1e9 : index));
    expect(medianInterval(values.toReversed())).to.deep.equal({ low: 33, median: 50, high: 67 });
    expect(medianInterval([4, 2]).median).to.equal(3);
  });

  it("has what it measures between its ends, in 199 of 200 samples or more", () => {
    // Durations as they are: most alike, some very long.
    const durations = fc.array(
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }).map((chance) => 10 / (1 - chance) ** 2),
      { minLength: 30, maxLength: 30 },
    );
    const uniform = fc.array(fc.nat(999), { minLength: 30, maxLength: 30 });
    const samples = fc.sample(fc.noBias(uniform), { numRuns: 2000, seed: 1 });
    const missed = samples.map(medianInterval).filter(({ low, high }) => low > 499.5 || high < 499.5);
    expect(missed.length).to.be.at.most(10);
    const skewed = fc.sample(fc.noBias(durations), { numRuns: 200, seed: 1 }).map(medianInterval);
    expect(skewed.every(({ low, median, high }) => low <= median && median <= high)).to.equal(true);
  });
});
