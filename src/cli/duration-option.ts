import { InvalidArgumentError } from "commander";
import { readDuration } from "../settings/durations.js";

/** A duration of the command line, as in the settings, in seconds. */
export function durationOption(text: string): number {
  const seconds = readDuration(text);
  if (seconds === undefined) throw new InvalidArgumentError('It must be a duration such as 300, "5m" or "7 days".');
  return seconds;
}
