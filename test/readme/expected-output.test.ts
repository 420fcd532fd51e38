import { expect } from "chai";
import { isExpected } from "./expected-output.js";

describe("isExpected", () => {
  const cases: [output: string, expected: string, result: boolean][] = [
    ['{"a":1}\n', '{"a":1}', true],
    ['{"a":1}', '{"a":2}', false],
    ['{"a":"xyz","b":2}', '{"a":"…","b":2}', true],
    ['{"a":"xyz","b":3}', '{"a":"…","b":2}', false],
    ["one\ntwo\nthree", "one\n…three", true],
    ["before one", "one", false],
    ["one after", "one", false],
    ["a.c(d)", "a.c(d)", true],
    ["abc(d)", "a.c(d)", false],
  ];
  for (const [output, expected, result] of cases) {
    it(`takes ${JSON.stringify(output)} ${result ? "" : "not "}for ${JSON.stringify(expected)}`, () =>
      expect(isExpected(output, expected)).to.equal(result));
  }
});
