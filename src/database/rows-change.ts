import type { ObjectLiteral } from "typeorm";

import { isOneOf, padded, repeated } from "./placeholders.js";
import type { TableShape } from "./table-shape.js";

/** What one UPDATE changes in several rows. */
export interface RowsChange<Row> {
  /** A unique property, that rows are found by. */
  readonly key: keyof Row & string;
  /** A property that becomes greater by one in each row; it is never negative. With it, all rows are changed or none. */
  readonly increment?: keyof Row & string;
  /** Properties with the values that all rows get. */
  readonly set: Partial<Row>;
  /** Properties that have to be null in each row. */
  readonly nulls: readonly (keyof Row & string)[];
  /** One for each row, all with the same properties. */
  readonly rows: readonly RowChange<Row>[];
}

/** What is a row's own. */
export interface RowChange<Row> {
  /** Properties with the values they must have, none of them null; that of the key is no other row's. */
  readonly where: Partial<Row>;
  /** Properties with their new values. */
  readonly set: Partial<Row>;
}

/** A statement with the values for its placeholders. */
interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** ER_DATA_OUT_OF_RANGE: what the statement fails with if a row is not as it has to be. */
export const OUT_OF_RANGE = 1690;
/** The greatest number: whatever is added to it is out of range, and that is an error in every SQL mode. */
const GREATEST = "18446744073709551615";

/**
 * The UPDATE of MySQL and MariaDB that changes those of the rows that are as they have to be; with `increment` all that are
 * there, or none if one of them is not as it has to be.
 *
 * @param change of at least one row
 */
export function rowsUpdate<Row extends ObjectLiteral>(shape: TableShape<Row>, change: RowsChange<Row>): Statement {
  const rows = padded(change.rows);
  const parts = partsOf(change);
  const name = [change.increment, ...change.nulls, ":", ...parts.where, ":", ...parts.shared, ":", ...parts.set];
  return {
    sql: shape.sql(`update ${rows.length}: ${name.join(" ")}`, () => updateSql(shape, change, parts, rows.length)),
    parameters: updateParameters(shape, change, parts, rows),
  };
}

/** The properties that have placeholders, in the order of those. */
interface Parts {
  readonly where: readonly string[];
  readonly shared: readonly string[];
  readonly set: readonly string[];
}

function partsOf<Row>({ key, set, rows: [first] }: RowsChange<Row>): Parts {
  return {
    where: Object.keys(first?.where ?? {}).filter((property) => property !== key),
    shared: Object.keys(set),
    set: Object.keys(first?.set ?? {}),
  };
}

/**
 * The key finds the rows, through its index; what each has to be and becomes of its own is looked up by it. A statement that
 * fails changes nothing, so with `increment` one that is not as it has to be makes the statement fail. That is looked at in
 * the first assignment: those behind it see what was assigned before.
 */
function updateSql<Row extends ObjectLiteral>(
  shape: TableShape<Row>,
  { key, increment, nulls }: RowsChange<Row>,
  { where, shared, set }: Parts,
  size: number,
): string {
  const column = (property: string) => shape.column(property);
  const ofRow = `CASE ${column(key)} ${repeated("WHEN ? THEN ?", size, " ")} END`;
  const isOne = isOneOf(column(key), size);
  const conditions = [
    ...where.map((property) => `${column(property)} = ${ofRow}`),
    ...nulls.map((property) => `${column(property)} IS NULL`),
  ];
  const assignments = [
    ...shared.map((property) => `${column(property)} = ?`),
    ...set.map((property) => `${column(property)} = ${ofRow}`),
  ];
  if (increment === undefined) {
    return `UPDATE ${shape.name} SET ${assignments.join(", ")} WHERE ${[isOne, ...conditions].join(" AND ")}`;
  }
  const next = `${column(increment)} + 1`;
  const incremented = `${column(increment)} = IF(${conditions.join(" AND ")}, ${next}, ${next} + ${GREATEST})`;
  return `UPDATE ${shape.name} SET ${[incremented, ...assignments].join(", ")} WHERE ${isOne}`;
}

/** For the placeholders of `updateSql`, in their order. */
function updateParameters<Row extends ObjectLiteral>(
  shape: TableShape<Row>,
  change: RowsChange<Row>,
  { where, shared, set }: Parts,
  rows: readonly RowChange<Row>[],
): unknown[] {
  const keys = rows.map((row) => shape.toDriver(change.key, row.where[change.key]));
  const parameters: unknown[] = [];
  const addOfRows = (property: string, part: "set" | "where") =>
    rows.forEach((row, index) => parameters.push(keys[index], shape.toDriver(property, row[part][property])));
  const addConditions = () => where.forEach((property) => addOfRows(property, "where"));
  if (change.increment !== undefined) addConditions();
  for (const property of shared) parameters.push(shape.toDriver(property, change.set[property]));
  for (const property of set) addOfRows(property, "set");
  parameters.push(...keys);
  if (change.increment === undefined) addConditions();
  return parameters;
}
