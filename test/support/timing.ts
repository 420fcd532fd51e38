import * as fc from "fast-check";

/** How long something takes, milliseconds. */
export async function durationOf(happen: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await happen();
  return performance.now() - started;
}

/**
 * Measures several things in rounds, so that what the machine does meanwhile slows all of them alike; each round in another
 * order, so that none always comes after the same other one.
 *
 * @param durations of earlier rounds, which are added to: milliseconds, one a round
 */
export async function measureInRounds<Name extends string>(
  things: Readonly<Record<Name, () => Promise<unknown>>>,
  rounds: number,
  durations: Record<Name, number[]>,
): Promise<void> {
  const names = Object.keys(things) as Name[];
  const orders = fc.shuffledSubarray(names, { minLength: names.length });
  for (const order of fc.sample(orders, rounds)) {
    for (const name of order) durations[name].push(await durationOf(things[name]));
  }
}

/** A median, and between what the true one lies. */
export interface MedianInterval {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Standard deviations that 99.9% of a normal distribution lie within. */
const Z = 3.29;

/**
 * The median of measured values with its 99.9% confidence interval. It is made of order statistics (the binomial
 * distribution of how many values are below the true median), and so holds whatever way the values are distributed.
 */
export function medianInterval(values: readonly number[]): MedianInterval {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (rank: number) => sorted[Math.min(sorted.length - 1, Math.max(0, rank))] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  const spread = (Z * Math.sqrt(sorted.length)) / 2;
  const median = (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2;
  return { low: at(Math.floor(middle - spread)), median, high: at(Math.ceil(middle + spread)) };
}
