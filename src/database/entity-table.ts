import type { DataSource, EntityTarget, ObjectLiteral } from "typeorm";

import { DatabaseError } from "./database-error.js";
import { Statements } from "./statements.js";
import { TableShape } from "./table-shape.js";
import { classifyFailure } from "./transient-errors.js";

/** What one UPDATE changes. */
export interface Change<Row> {
  /** Properties with their new values. */
  readonly set: Partial<Row>;
  /** A property that becomes greater by one. */
  readonly increment?: keyof Row & string;
  /** Properties with the values they must have; null is a value like others. */
  readonly where: Partial<Row>;
}

/** A change that increments. */
type Increment<Row> = Change<Row> & Required<Pick<Change<Row>, "increment">>;

/** Rows of another table that belong to those of one. */
export interface Companions<Row, Other extends ObjectLiteral> {
  readonly table: EntityTable<Other>;
  /** The properties that are equal in rows that belong together. */
  readonly on: { readonly own: keyof Row & string; readonly other: keyof Other & string };
  /** Only those in which this property has one of the values; without it, all. */
  readonly among?: { readonly property: keyof Other & string; readonly values: readonly unknown[] };
}

/**
 * The statements that run on every request, for the table of one entity: without TypeORM's query builder, which costs
 * this process two to three times what the statement itself does. Names and conversions still come from the entity, so
 * that a subclass may add columns and have another table. No listeners or subscribers are called. However many values
 * there are, the texts are few, because a server keeps each of them prepared.
 */
export class EntityTable<Row extends ObjectLiteral> {
  private readonly statements: Statements;
  private lastShape: TableShape<Row> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly model: EntityTarget<Row>,
  ) {
    this.statements = new Statements(dataSource);
  }

  /** All rows in which the property has one of these values, in no order. */
  async findBy(property: keyof Row & string, values: readonly unknown[]): Promise<Row[]> {
    if (values.length === 0) return [];
    const { shape } = this;
    const keys = padded(values, listSize(values.length));
    const sql = shape.sql(`find ${property} ${keys.length}`, () => {
      return `SELECT ${shape.selection("own")} FROM ${shape.name} own WHERE ${isOneOf("own", shape, property, keys.length)}`;
    });
    const found = await this.statements.rows(sql, toDriver(shape, property, keys));
    return found.map((raw) => shape.toRow(raw, "own"));
  }

  /** The same with the other rows that belong to each, or one null where there are none: one statement for both tables. */
  async findWith<Other extends ObjectLiteral>(
    property: keyof Row & string,
    values: readonly unknown[],
    { table, on, among }: Companions<Row, Other>,
  ): Promise<[Row, Other | null][]> {
    if (values.length === 0) return [];
    const { shape } = this;
    const other = table.shape;
    const size = listSize(Math.max(values.length, among?.values.length ?? 0));
    const sql = shape.sql(`join ${other.name} ${property} ${among?.property} ${on.own} ${on.other} ${size}`, () => {
      const { hint, unindexed } = other.joinByKey(among?.property);
      const belongs = `${unindexed}other.${other.column(on.other)} = own.${shape.column(on.own)}`;
      const isAmong = among ? ` AND ${isOneOf("other", other, among.property, size)}` : "";
      return (
        `SELECT ${shape.selection("own")}, ${other.selection("other")} FROM ${shape.name} own ` +
        `LEFT JOIN ${other.name} other${hint} ON ${belongs}${isAmong} WHERE ${isOneOf("own", shape, property, size)}`
      );
    });
    const found = await this.statements.rows(sql, [
      ...(among ? toDriver(other, among.property, padded(among.values, size)) : []),
      ...toDriver(shape, property, padded(values, size)),
    ]);
    return found.map((raw) => [shape.toRow(raw, "own"), other.toRowIfAny(raw, "other")]);
  }

  /**
   * Adds rows with the same properties, all or none, in one INSERT. The other columns need a default, or must be nullable.
   * The server keeps a text for each number of rows: few numbers are best.
   */
  async insert(...rows: readonly Partial<Row>[]): Promise<void> {
    const [first] = rows;
    if (first === undefined) return;
    const { shape } = this;
    const properties = Object.keys(first);
    const sql = shape.sql(`insert ${rows.length}: ${properties.join(" ")}`, () => {
      const columns = properties.map((property) => shape.column(property));
      const values = `(${columns.map(() => "?").join(", ")})`;
      return `INSERT INTO ${shape.name} (${columns.join(", ")}) VALUES ${rows.map(() => values).join(", ")}`;
    });
    await this.statements.change(
      sql,
      rows.flatMap((row) => valuesOf(shape, row)),
    );
  }

  /** Changes all rows that fit, in one UPDATE. Answers how many there were. */
  async update({ set, increment, where }: Change<Row>): Promise<number> {
    const { shape } = this;
    const conditions = Object.entries(where).map(([property, value]) => `${property}${value === null ? " null" : ""}`);
    const sql = shape.sql(`update ${Object.keys(set).join(" ")} ${increment} ${conditions.join(" ")}`, () => {
      const changes = Object.keys(set).map((property) => `${shape.column(property)} = ?`);
      return `UPDATE ${shape.name} SET ${[...changes, ...increments(shape, increment)].join(", ")} WHERE ${allOf(shape, where)}`;
    });
    return this.statements.change(sql, [...valuesOf(shape, set), ...valuesOf(shape, where, isNotNull)]);
  }

  /** Whether several rows in one statement save anything: where a statement is no round trip they do not. */
  get sharesStatements(): boolean {
    return this.statements.areRoundTrips;
  }

  /**
   * Changes one row for each of the changes, in one UPDATE: all rows that are there, or none if one of them is not as its
   * `where` says. On MySQL and MariaDB alone.
   *
   * @param key a unique property that each `where` names, no two the same value
   * @param changes of the same properties, with null in the same places of `where`; `increment` is never negative
   * @returns how many rows are there and were changed; null if none was
   * @throws what the database answers when it is not known whether all or none was changed
   */
  async updateEach(key: keyof Row & string, changes: readonly Increment<Row>[]): Promise<number | null> {
    const [first] = changes;
    if (first === undefined) return 0;
    const { shape } = this;
    const all = padded(changes, Math.ceil(changes.length / STEP) * STEP);
    const properties = [...Object.keys(first.set), ...Object.keys(first.where)];
    const sql = shape.sql(`update ${all.length}: ${properties.join(" ")}`, () =>
      updateEachSql(shape, key, first, all.length),
    );
    try {
      return await this.statements.change(sql, updateEachParameters(shape, key, first, all));
    } catch (error) {
      if (DatabaseError.from(error).errno === OUT_OF_RANGE || classifyFailure(error) === "refused") return null;
      throw error;
    }
  }

  /** TypeORM makes new metadata when a data source is initialized again. */
  private get shape(): TableShape<Row> {
    const metadata = this.dataSource.getMetadata(this.model);
    if (this.lastShape?.metadata !== metadata) this.lastShape = new TableShape(this.dataSource, metadata);
    return this.lastShape;
  }
}

type Shape = TableShape<ObjectLiteral>;

/** To a multiple of this changes of several rows are padded: each has many values. */
const STEP = 4;

/** Powers of four: few texts, and not many values too many. */
function listSize(count: number): number {
  let size = 1;
  while (size < count) size *= 4;
  return size;
}

/** The last value again and again changes no answer. */
function padded<Value>(values: readonly Value[], size: number): Value[] {
  return Array.from({ length: size }, (_, index) => values[Math.min(index, values.length - 1)] as Value);
}

function isOneOf(alias: string, shape: Shape, property: string, size: number): string {
  return `${alias}.${shape.column(property)} IN (${Array.from({ length: size }, () => "?").join(", ")})`;
}

function toDriver(shape: Shape, property: string, values: readonly unknown[]): unknown[] {
  return values.map((value) => shape.toDriver(property, value));
}

function valuesOf(shape: Shape, row: object, wanted: (value: unknown) => boolean = () => true): unknown[] {
  const entries = Object.entries(row).filter(([, value]) => wanted(value));
  return entries.map(([property, value]) => shape.toDriver(property, value));
}

function isNotNull(value: unknown): boolean {
  return value !== null;
}

function allOf(shape: Shape, where: object): string {
  const is = ([property, value]: [string, unknown]) =>
    value === null ? `${shape.column(property)} IS NULL` : `${shape.column(property)} = ?`;
  return Object.entries(where).map(is).join(" AND ");
}

function increments(shape: Shape, property: string | undefined): string[] {
  return property === undefined ? [] : [`${shape.column(property)} = ${shape.column(property)} + 1`];
}

/** The properties that each row must have a value of its own in, beside its key. */
function ownConditions({ where }: Change<ObjectLiteral>, key: string): string[] {
  return Object.keys(where).filter((property) => property !== key && where[property] !== null);
}

/** ER_DATA_OUT_OF_RANGE */
const OUT_OF_RANGE = 1690;
/** The greatest number: whatever is added to it is out of range, and that is an error in every SQL mode. */
const GREATEST = "18446744073709551615";

/**
 * The key finds the rows, through its index; what each has to be and becomes is looked up by it. A statement that fails
 * changes nothing, so one that is not as it has to be makes the statement fail. That is looked at in the first assignment:
 * those behind it see what was assigned before.
 */
function updateEachSql(shape: Shape, key: string, change: Increment<ObjectLiteral>, size: number): string {
  const ofRow = `CASE ${shape.column(key)} ${Array.from({ length: size }, () => "WHEN ? THEN ?").join(" ")} END`;
  const own = ownConditions(change, key).map((property) => `${shape.column(property)} = ${ofRow}`);
  const nulls = Object.keys(change.where).filter((property) => change.where[property] === null);
  const conditions = [...own, ...nulls.map((property) => `${shape.column(property)} IS NULL`)].join(" AND ");
  const next = `${shape.column(change.increment)} + 1`;
  const sets = [
    `${shape.column(change.increment)} = IF(${conditions}, ${next}, ${next} + ${GREATEST})`,
    ...Object.keys(change.set).map((property) => `${shape.column(property)} = ${ofRow}`),
  ];
  return `UPDATE ${shape.name} SET ${sets.join(", ")} WHERE ${isOneOf(shape.name, shape, key, size)}`;
}

/** For the placeholders of `updateEachSql`, in their order. */
function updateEachParameters(
  shape: Shape,
  key: string,
  change: Change<ObjectLiteral>,
  changes: readonly Change<ObjectLiteral>[],
): unknown[] {
  const keys = changes.map(({ where }) => shape.toDriver(key, where[key]));
  const parameters: unknown[] = [];
  const addOfRow = (property: string, part: "set" | "where") =>
    changes.forEach((one, index) => parameters.push(keys[index], shape.toDriver(property, one[part][property])));
  for (const property of ownConditions(change, key)) addOfRow(property, "where");
  for (const property of Object.keys(change.set)) addOfRow(property, "set");
  parameters.push(...keys);
  return parameters;
}
