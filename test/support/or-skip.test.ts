import { expect } from "chai";
import { lastLine, runMocha } from "./child-process.js";

const withoutServer = `
  import { orSkip } from "SUPPORT/or-skip.js";
  import { DatabaseUnavailableError } from "SUPPORT/database-binary.js";
  it("a", () => {});
  describe("on MySQL", () => {
    before(orSkip(async () => { throw new DatabaseUnavailableError("no server; to run these: install one"); }));
    it("b", () => {});
    describe("more", () => it("c", () => {}));
  });
`;

describe("orSkip", () => {
  it("skips the suite and says what would enable it", async () => {
    const ended = await runMocha(withoutServer, { CI: "" });
    expect(ended.stdout).to.contain("skipped: no server; to run these: install one");
    expect(lastLine(ended.stdout)).to.equal("1 passed, 0 failed, 2 skipped");
    expect(ended.code).to.equal(0);
  });

  it("fails with CI=true", async () => {
    const ended = await runMocha(withoutServer, { CI: "true" });
    expect(ended.stdout).to.contain("Error: no server; to run these: install one");
    expect(lastLine(ended.stdout)).to.equal("1 passed, 1 failed, 0 skipped");
    expect(ended.code).to.equal(1);
  });

  it("lets every other error fail the suite", async () => {
    const ended = await runMocha(withoutServer.replace("new DatabaseUnavailableError", "new Error"), { CI: "" });
    expect(ended.code).to.equal(1);
  });
});
