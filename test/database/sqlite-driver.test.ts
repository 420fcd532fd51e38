import { expect } from "chai";
import { runNode } from "../support/child-process.js";

/** A heap that grows is collected between turns, too: that ended the process with what better-sqlite3 12 was compiled to. */
const GROW = `
  import { setImmediate } from "node:timers/promises";
  import { sqliteDriver } from "./build/src/database/sqlite-driver.js";

  const database = new (sqliteDriver())(":memory:");
  const kept = [];
  for (let turn = 0; turn < 60; turn += 1) {
    for (let one = 0; one < 500; one += 1) database.prepare("SELECT 1").all();
    for (let one = 0; one < 20_000; one += 1) kept.push({ one: [one] });
    await setImmediate();
  }
  console.log("alive");
`;

describe("sqliteDriver", () => {
  it("outlives the statements that V8 collects", async () => {
    const { code, stdout, stderr } = await runNode(["--input-type=module", "--eval", GROW]);
    expect({ code, stdout }, stderr).to.deep.equal({ code: 0, stdout: "alive\n" });
  });
});
