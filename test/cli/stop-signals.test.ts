import { EventEmitter } from "node:events";
import { expect } from "chai";
import { stopSignal } from "../../src/cli/stop-signals.js";
import { TestClock } from "../support/test-clock.js";

describe("stopSignal", () => {
  let emitter: EventEmitter;
  let clock: TestClock;
  let exits: number[];
  let stopped: Promise<NodeJS.Signals>;

  beforeEach(() => {
    emitter = new EventEmitter();
    clock = new TestClock();
    exits = [];
    stopped = stopSignal(emitter, clock, (code) => exits.push(code));
  });

  for (const [signal, number] of [
    ["SIGTERM", 15],
    ["SIGINT", 2],
  ] as const) {
    it(`resolves at ${signal}, and ends the process at a second one`, async () => {
      emitter.emit(signal, signal, number);
      expect(await stopped).to.equal(signal);
      expect(exits).to.deep.equal([]);
      clock.advance(0.5);
      emitter.emit("SIGINT", "SIGINT", 2);
      expect(exits).to.deep.equal([130]);
    });
  }

  it("takes a signal that comes twice at once for one", async () => {
    emitter.emit("SIGINT", "SIGINT", 2);
    clock.advance(0.499);
    emitter.emit("SIGINT", "SIGINT", 2);
    expect(await stopped).to.equal("SIGINT");
    expect(exits).to.deep.equal([]);
  });
});
