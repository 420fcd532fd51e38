import { expect } from "chai";
import { TestClock } from "./test-clock.js";

describe("TestClock", () => {
  it("stands still", () => {
    const clock = new TestClock("2024-02-29T12:00:00Z");
    expect(clock.now().toISOString()).to.equal("2024-02-29T12:00:00.000Z");
    clock.now().setFullYear(1999);
    expect(clock.now().toISOString()).to.equal("2024-02-29T12:00:00.000Z");
  });

  it("moves when it is told to", () => {
    const clock = new TestClock("2024-02-29T12:00:00Z");
    clock.advance(12 * 60 * 60);
    expect(clock.now().toISOString()).to.equal("2024-03-01T00:00:00.000Z");
    clock.advance(-0.001);
    expect(clock.now().toISOString()).to.equal("2024-02-29T23:59:59.999Z");
    clock.set("2030-01-01T00:00:00+01:00");
    expect(clock.now().toISOString()).to.equal("2029-12-31T23:00:00.000Z");
  });

  it("refuses what is no time", () => {
    expect(() => new TestClock().set("tomorrow")).to.throw("tomorrow is no ISO 8601 date and time");
  });
});
