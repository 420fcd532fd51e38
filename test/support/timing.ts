import * as fc from "fast-check";

/** Durations of the same kind of thing, milliseconds. */
export type Durations = readonly number[];

/**
 * The duration that a fifth of them are shorter than. Whatever else a machine does only makes things slower, so that the
 * quick ones say what the thing itself takes; the quickest of all would be a single measurement.
 */
export function quickOf(durations: Durations): number {
  const sorted = durations.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 5)] ?? Number.NaN;
}

/** How long something takes, milliseconds. */
export async function durationOf(happen: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await happen();
  return performance.now() - started;
}

/**
 * Measures several things in turn, so that what the machine does meanwhile slows all of them alike; each round in another
 * order, so that none always comes after the same other one.
 *
 * @param durations of earlier rounds, which are added to
 */
export async function measureInTurn<Name extends string>(
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
