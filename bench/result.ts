import type { Spread } from "./statistics.js";

/** A row of a table: one measurement. */
export interface Row {
  /** Who or what was measured. */
  readonly name: string;
  /** The figure, over the rounds. */
  readonly figure: Spread;
  /** What the figure is: `×` for a ratio of the same run, `s`, `MiB`, `ms`. */
  readonly unit: Unit;
  /** Milliseconds. */
  readonly p50?: number;
  readonly p99?: number;
  /** Answers, of all rounds. */
  readonly requests?: number;
  /** Answers that were wrong; there must be none. */
  readonly errors: number;
  readonly firstError?: string;
  readonly target?: Target;
  /** What was measured in each round, for the raw results. */
  readonly samples?: readonly object[];
}

export type Unit = "×" | "s" | "MiB" | "ms";

/** What a figure of Janus is to reach. */
export interface Target {
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Names of rows that its median has to be above as well. */
  readonly aheadOf?: readonly string[];
}

/** One table. */
export interface Table {
  readonly title: string;
  /** What the figures are, in a sentence. */
  readonly figure: string;
  readonly rows: readonly Row[];
  /** What a reader has to know before comparing. */
  readonly notes: readonly string[];
}

/** Whether the target of a row was reached; null for a row that has none. A row with errors has reached nothing. */
export function isReached(row: Row, rows: readonly Row[]): boolean | null {
  const { target, figure } = row;
  if (target === undefined) return null;
  const { atLeast = -Infinity, atMost = Infinity, aheadOf = [] } = target;
  const others = rows.filter(({ name }) => aheadOf.includes(name));
  const isAhead = others.every((other) => figure.median > other.figure.median);
  return row.errors === 0 && figure.median >= atLeast && figure.median <= atMost && isAhead;
}
