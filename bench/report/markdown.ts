import { isReached, type Row, type Table, type Target, type Unit } from "../result.js";
import type { Spread } from "../statistics.js";

const HEAD = ["who or what", "median", "min–max", "p50 ms", "p99 ms", "errors", "target", "reached"];

/** A scenario as a section of the report. */
export function tableText({ title, figure, rows, notes }: Table): string {
  const lines = [HEAD, HEAD.map(() => "---"), ...rows.map((row) => cells(row, rows))];
  const table = lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
  return [`## ${title}`, figure, table, notes.map((note) => `- ${note}`).join("\n")].join("\n\n");
}

function cells(row: Row, rows: readonly Row[]): string[] {
  const { name, figure, unit, p50, p99, errors, target } = row;
  const reached = isReached(row, rows);
  return [
    name,
    withUnit(figure.median, unit),
    range(figure, unit),
    p50 === undefined ? "" : number(p50),
    p99 === undefined ? "" : number(p99),
    String(errors),
    target === undefined ? "" : targetText(target, unit),
    reached === null ? "" : reached ? "yes" : "no",
  ];
}

function range({ min, max }: Spread, unit: Unit): string {
  return min === max ? "" : `${number(min)}–${withUnit(max, unit)}`;
}

function targetText({ atLeast, atMost, aheadOf = [] }: Target, unit: Unit): string {
  const parts = [
    ...(atLeast === undefined ? [] : [`≥ ${withUnit(atLeast, unit)}`]),
    ...(atMost === undefined ? [] : [`≤ ${withUnit(atMost, unit)}`]),
    ...(aheadOf.length === 0 ? [] : [aheadOf.length === 1 ? "ahead of it" : "ahead of every contender"]),
  ];
  return parts.join(", ");
}

function withUnit(value: number, unit: Unit): string {
  return unit === "×" ? `${number(value)}×` : `${number(value)} ${unit}`;
}

/** Three significant digits at the most: there is no more in a measurement on a shared machine. */
function number(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
