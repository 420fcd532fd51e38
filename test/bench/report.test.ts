import { expect } from "chai";
import { readOptions } from "../../bench/options.js";
import { tableText } from "../../bench/report/markdown.js";
import { isReached, type Row } from "../../bench/result.js";
import { ratios, spreadOf } from "../../bench/statistics.js";

function row(name: string, median: number, more: Partial<Row> = {}): Row {
  return { name, figure: { median, min: median, max: median }, unit: "×", errors: 0, ...more };
}

describe("the report of the benchmark", () => {
  it("has the median and the spread of ratios of the same round", () => {
    expect(ratios([1, 4, 9], [2, 2, 3])).to.deep.equal([0.5, 2, 3]);
    expect(spreadOf([3, 0.5, 2])).to.deep.equal({ median: 2, min: 0.5, max: 3 });
    expect(spreadOf([4, 1, 2, 3])).to.deep.equal({ median: 2.5, min: 1, max: 4 });
    expect(() => spreadOf([])).to.throw(RangeError, "there is nothing to take the median of");
  });

  it("says whether a target is reached", () => {
    const other = row("other", 0.8);
    const cases: [Row, boolean | null][] = [
      [row("none", 1), null],
      [row("above", 0.9, { target: { atLeast: 0.9 } }), true],
      [row("below", 0.89, { target: { atLeast: 0.9 } }), false],
      [row("small", 2, { target: { atMost: 2 } }), true],
      [row("large", 2.1, { target: { atMost: 2 } }), false],
      [row("ahead", 0.81, { target: { aheadOf: ["other"] } }), true],
      [row("behind", 0.8, { target: { aheadOf: ["other"] } }), false],
      [row("wrong answers", 1, { target: { atLeast: 0.9 }, errors: 1 }), false],
    ];
    for (const [one, expected] of cases) expect(isReached(one, [one, other]), one.name).to.equal(expected);
  });

  it("is a table", () => {
    const measured = { figure: { median: 0.5, min: 0.4, max: 0.6 }, p50: 1.234, p99: 123.4, target: { atLeast: 0.9 } };
    const rows = [row("floor", 1), row("Janus", 0.5, measured)];
    const text = tableText({ title: "T", figure: "F.", rows, notes: ["N."] });
    expect(text.split("\n")).to.include.members([
      "## T",
      "F.",
      "| floor | 1.00× |  |  |  | 0 |  |  |",
      "| Janus | 0.50× | 0.40–0.60× | 1.23 | 123 | 0 | ≥ 0.90× | no |",
      "- N.",
    ]);
  });
});

describe("the options of the benchmark", () => {
  it("have defaults", () => {
    const options = { rounds: 3, seconds: 4, connections: 50, tokens: 1, sessions: 10_000_000, noisy: false };
    expect(readOptions([], [])).to.include(options);
    expect(readOptions(["--help"], [])).to.equal(undefined);
  });

  it("write the report of a whole run, and of a part only where they are told to", () => {
    expect(readOptions([], ["a"])?.report).to.equal("docs/benchmarks.md");
    expect(readOptions(["--only", "a"], ["a"])?.report).to.equal("");
    expect(readOptions(["--only", "a", "--report", "x.md"], ["a"])?.report).to.equal("x.md");
  });

  it("name scenarios, once or several times", () => {
    expect(readOptions(["--only", "a,b", "--only", "c"], ["a", "b", "c"])?.only).to.deep.equal(["a", "b", "c"]);
    expect(() => readOptions(["--only", "d"], ["a", "b"])).to.throw(RangeError, "No scenario d: there are a, b");
  });

  for (const [argument, message] of [
    ["--rounds=0", "--rounds must be a whole number above 0"],
    ["--rounds=1.5", "--rounds must be a whole number above 0"],
    ["--seconds=-1", "--seconds must be a number above 0"],
    ["--seconds=x", "--seconds must be a number above 0"],
  ] satisfies [string, string][]) {
    it(`refuse ${argument}`, () => expect(() => readOptions([argument], [])).to.throw(RangeError, message));
  }
});
