import { expect } from "chai";
import { lastLine, runMocha } from "./child-process.js";

const cases = [
  {
    title: "counts passes, failures and skipped tests",
    file: `it("a", () => {}); it("b", () => {}); it("c", () => { throw new Error("c"); }); it.skip("d", () => {}); it("e");`,
    code: 1,
    line: "2 passed, 1 failed, 2 skipped",
  },
  {
    title: "exits with 0 when nothing failed",
    file: `it("a", () => {}); it.skip("b", () => {});`,
    code: 0,
    line: "1 passed, 0 failed, 1 skipped",
  },
  {
    title: "counts a failing hook",
    file: `describe("x", () => { before(() => { throw new Error("x"); }); it("a", () => {}); }); it("b", () => {});`,
    code: 1,
    line: "1 passed, 1 failed, 0 skipped",
  },
  {
    title: "counts a hook that fails after the tests",
    file: `after(() => { throw new Error("x"); }); it("a", () => {});`,
    code: 1,
    line: "1 passed, 1 failed, 0 skipped",
  },
  {
    title: "counts an error outside of any test",
    file: `it("a", (done) => { setImmediate(() => { throw new Error("x"); }); });`,
    code: 1,
    line: "0 passed, 1 failed, 0 skipped",
  },
  { title: "fails when there is no test", file: "", code: 1, line: "0 passed, 1 failed, 0 skipped" },
  {
    title: "fails when every test is skipped",
    file: `it.skip("a", () => {});`,
    code: 1,
    line: "0 passed, 1 failed, 1 skipped",
  },
];

describe("the summary of a test run", () => {
  for (const { title, file, code, line } of cases) {
    it(title, async () => {
      const ended = await runMocha(file);
      expect(lastLine(ended.stdout)).to.equal(line);
      expect(ended.code).to.equal(code);
    });
  }

  it("refuses a test that is marked as the only one", async () => {
    const ended = await runMocha(`it.only("a", () => {}); it("b", () => {});`);
    expect(ended.code).to.equal(1);
    expect(ended.stdout + ended.stderr).to.contain("`.only` forbidden by --forbid-only");
  });
});
