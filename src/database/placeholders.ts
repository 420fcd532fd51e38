/**
 * How long lists of placeholders are. Few lengths, since a server keeps each text prepared for each connection; and none much
 * longer than what is asked for, since each value is written, sent and read.
 */
const SIZES = [1, 4, 8, 16, 32, 64];

/** The values, filled up to one of few lengths: the last value again and again changes no answer. */
export function padded<Value>(values: readonly Value[], atLeast = values.length): Value[] {
  const size = listSize(atLeast);
  return Array.from({ length: size }, (_, index) => values[Math.min(index, values.length - 1)] as Value);
}

/** Of more than there are sizes for, as many as there are. */
function listSize(count: number): number {
  return SIZES.find((size) => size >= count) ?? count;
}

/** The condition that a column, quoted, has one of so many values. */
export function isOneOf(column: string, size: number): string {
  return `${column} IN (${repeated("?", size, ", ")})`;
}

/** So many times the same text. */
export function repeated(text: string, count: number, separator: string): string {
  return Array.from({ length: count }, () => text).join(separator);
}
