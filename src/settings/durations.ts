import { duration } from "./allowed.js";
import { InvalidValue } from "./invalid-value.js";
import { shapeOf } from "./value-shape.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const CENTURY = 36_500 * DAY;

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const SECONDS_ONLY = new RegExp(`^${NUMBER}$`);

// Both notations have the same groups: weeks, days, hours, minutes, seconds. Months and years have no fixed length.
const UNIT_SECONDS = [WEEK, DAY, HOUR, MINUTE, 1];
const UNITS = ["w(?:eeks?)?", "d(?:ays?)?", "h(?:ours?|rs?)?", "m(?:in(?:ute)?s?)?", "s(?:ec(?:ond)?s?)?"];
const WORDS = new RegExp(`^${UNITS.map((unit) => String.raw`(?:${NUMBER}\s*${unit}\s*)?`).join("")}$`);
// ISO 8601-1:2019, section 5.5.2.
const ISO = new RegExp(
  String.raw`^P(?:${NUMBER}W)?(?:${NUMBER}D)?(?:T(?=\d)(?:${NUMBER}H)?(?:${NUMBER}M)?(?:${NUMBER}S)?)?$`,
);

/**
 * Reads a duration: a number of seconds, also as text (`"90"`), units in descending order (`"5m"`, `"7 days"`,
 * `"1h30m"`) or ISO 8601 (`"PT5M"`, `"P7D"`).
 *
 * @returns Whole seconds, from 0 to 36500 days.
 * @throws InvalidValue for anything else.
 */
export function parseDuration(value: number | string): number {
  const seconds = readDuration(value);
  if (seconds === undefined) throw new InvalidValue(`${duration.message}, but is ${shapeOf(value)}`);
  return seconds;
}

/** The same, undefined where the value is no duration. */
export function readDuration(value: number | string): number | undefined {
  const seconds = typeof value === "number" ? value : secondsOf(value.trim());
  const isDuration = Number.isInteger(seconds) && seconds >= 0 && seconds <= CENTURY;
  return isDuration ? Math.abs(seconds) : undefined; // -0 is 0
}

/** A duration for people: `7 days`, `300 s`. */
export function formatDuration(seconds: number): string {
  if (seconds < DAY || seconds % DAY !== 0) return `${seconds} s`;
  return seconds === DAY ? "1 day" : `${seconds / DAY} days`;
}

function secondsOf(text: string): number {
  if (SECONDS_ONLY.test(text)) return Number(text);
  const amounts = (WORDS.exec(text) ?? ISO.exec(text))?.slice(1) ?? [];
  if (amounts.every((amount) => amount === undefined)) return Number.NaN;
  const seconds = amounts.reduce((sum, amount, unit) => sum + Number(amount ?? 0) * (UNIT_SECONDS[unit] ?? 0), 0);
  return Math.round(seconds * 1000) / 1000; // 1.1 * 3600 is a little more than 3960
}
