import { expect } from "chai";
import { merge, sampleOf } from "../../bench/sample.js";

describe("several measurements as one", () => {
  const first = sampleOf({ requests: 100, errors: 0, firstError: "", seconds: 2, p50: 1, p99: 4 }, 1);
  const second = sampleOf({ requests: 300, errors: 2, firstError: "500", seconds: 1, p50: 2, p99: 8 }, 1);
  const third = sampleOf({ requests: 200, errors: 1, firstError: "404", seconds: 1, p50: 9, p99: 9 }, 2);

  it("are what was done, by the time that it took in all", () => {
    const merged = merge([first, second, third]);
    expect(merged).to.include({ requests: 600, seconds: 4, cpuSeconds: 4, perCpuSecond: 150, perSecond: 150 });
  });

  it("have the errors of all, the first one in words, and latencies in the middle of theirs", () => {
    expect(merge([first, second, third])).to.include({ errors: 3, firstError: "500", p50: 2, p99: 8 });
  });

  it("are nothing if there are none", () => {
    expect(() => merge([])).to.throw(RangeError, "there is nothing to take the median of");
  });
});
