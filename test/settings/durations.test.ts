import { expect } from "chai";
import * as fc from "fast-check";

import { formatDuration, parseDuration, readDuration } from "../../src/settings/durations.js";
import { InvalidValue } from "../../src/settings/invalid-value.js";

const DAY = 86_400;
const MUST_BE = 'must be a duration such as 300 (seconds), "5m", "7 days" or "PT5M"';

describe("parseDuration", () => {
  for (const [value, seconds] of [
    [0, 0],
    [-0, 0],
    [300, 300],
    [36_500 * DAY, 36_500 * DAY],
    ["0", 0],
    ["90", 90],
    [" 90 ", 90],
    ["90s", 90],
    ["1 second", 1],
    ["30 seconds", 30],
    ["15 sec", 15],
    ["15 secs", 15],
    ["5m", 300],
    ["5 min", 300],
    ["5 mins", 300],
    ["1 minute", 60],
    ["5 minutes", 300],
    ["2h", 7200],
    ["2 hr", 7200],
    ["2 hrs", 7200],
    ["1 hour", 3600],
    ["1.5h", 5400],
    ["1.1h", 3960],
    ["1h30m", 5400],
    ["1h 30m 15s", 5415],
    ["7d", 7 * DAY],
    ["1 day", DAY],
    ["7 days", 7 * DAY],
    ["1 day 12 hours", 1.5 * DAY],
    ["2w", 14 * DAY],
    ["1 week", 7 * DAY],
    ["2 weeks 1 day", 15 * DAY],
    ["PT5M", 300],
    ["PT0S", 0],
    ["P7D", 7 * DAY],
    ["P2W", 14 * DAY],
    ["P1DT12H", 1.5 * DAY],
    ["PT1H30M15S", 5415],
    ["PT0.5H", 1800],
  ] as const) {
    it(`reads ${JSON.stringify(value)} as ${seconds} seconds`, () => {
      expect(parseDuration(value)).to.equal(seconds);
      expect(Object.is(parseDuration(value), -0)).to.equal(false);
    });
  }

  for (const [value, shape] of [
    [-3, "a number, -3"],
    [0.5, "a number, 0.5"],
    [Number.NaN, "a number, NaN"],
    [Number.POSITIVE_INFINITY, "a number, Infinity"],
    [36_500 * DAY + 1, "a number, 3153600001"],
    ["", "an empty string"],
    [" ", "a string of 1 character"],
    ["-5m", "a string of 3 characters"],
    ["-90", "a string of 3 characters"],
    ["+90", "a string of 3 characters"],
    ["1e3", "a string of 3 characters"],
    ["0x10", "a string of 4 characters"],
    ["five minutes", "a string of 12 characters"],
    ["5 parsecs", "a string of 9 characters"],
    ["5M", "a string of 2 characters"],
    ["1 month", "a string of 7 characters"],
    ["1 year", "a string of 6 characters"],
    ["1y", "a string of 2 characters"],
    ["P1M", "a string of 3 characters"],
    ["P1Y", "a string of 3 characters"],
    ["P", "a string of 1 character"],
    ["PT", "a string of 2 characters"],
    ["P1DT", "a string of 4 characters"],
    ["pt5m", "a string of 4 characters"],
    ["PT5", "a string of 3 characters"],
    ["-PT5M", "a string of 5 characters"],
    ["30m 1h", "a string of 6 characters"],
    ["1h 1h", "a string of 5 characters"],
    ["1.5s", "a string of 4 characters"],
    ["5m, 3s", "a string of 6 characters"],
    ["5m then", "a string of 7 characters"],
    ["99999999999w", "a string of 12 characters"],
  ] as const) {
    it(`refuses ${JSON.stringify(value)} (${shape})`, () => {
      expect(() => parseDuration(value))
        .to.throw(InvalidValue)
        .with.property("message", `${MUST_BE}, but is ${shape}`);
      expect(readDuration(value)).to.equal(undefined);
    });
  }

  const amount = fc.option(fc.nat(400));
  const amounts = fc.tuple(amount, amount, amount, amount, amount).filter((all) => all.some((one) => one !== null));
  const sum = (all: readonly (number | null)[]) =>
    [7 * DAY, DAY, 3600, 60, 1].reduce((total, unit, index) => total + unit * (all[index] ?? 0), 0);
  const written = (all: readonly (number | null)[], units: readonly string[]) =>
    all.map((one, index) => (one === null ? "" : `${one}${units[index]}`));

  it("reads every combination of units, in words and in ISO 8601, as their sum", () => {
    fc.assert(
      fc.property(amounts, (all) => {
        expect(parseDuration(written(all, ["w", "d", "h", "m", "s"]).join(""))).to.equal(sum(all));
        const words = written(all, [" weeks", " days", " hours", " minutes", " seconds"]);
        expect(parseDuration(words.filter((word) => word !== "").join(" "))).to.equal(sum(all));
        const [weeks, days, ...times] = written(all, ["W", "D", "H", "M", "S"]);
        const time = times.join("");
        expect(parseDuration(`P${weeks}${days}${time && `T${time}`}`)).to.equal(sum(all));
      }),
    );
  });

  it("answers whole seconds from 0 to 36500 days or throws an InvalidValue, for any text", () => {
    const letters = fc.constantFrom(...Array.from("0123456789.PTWDHMSwdhms -"));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: letters, maxLength: 12 }), fc.double()), (value) => {
        try {
          expect(parseDuration(value)).to.satisfy((s: number) => Number.isInteger(s) && s >= 0 && s <= 36_500 * DAY);
        } catch (error) {
          expect(error).to.be.instanceOf(InvalidValue);
        }
      }),
    );
  });

  it("reads what formatDuration writes", () => {
    const seconds = fc.oneof(
      fc.nat(36_500 * DAY),
      fc.nat(36_500).map((days) => days * DAY),
    );
    fc.assert(
      fc.property(seconds, (value) => {
        expect(parseDuration(formatDuration(value))).to.equal(value);
      }),
    );
  });
});

describe("formatDuration", () => {
  for (const [seconds, text] of [
    [0, "0 s"],
    [300, "300 s"],
    [DAY, "1 day"],
    [DAY + 1, "86401 s"],
    [7 * DAY, "7 days"],
  ] as const) {
    it(`writes ${seconds} seconds as ${text}`, () => {
      expect(formatDuration(seconds)).to.equal(text);
    });
  }
});
