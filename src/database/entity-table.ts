import type { DataSource, EntityTarget, ObjectLiteral } from "typeorm";

import { type Outcome, Statements } from "./statements.js";
import { TableShape } from "./table-shape.js";

/** What one UPDATE changes. */
export interface Change<Row> {
  /** Properties with their new values. */
  readonly set: Partial<Row>;
  /** A property that becomes greater by one. */
  readonly increment?: keyof Row & string;
  /** Properties with the values they must have; null is a value like others. */
  readonly where: Partial<Row>;
}

/** Rows of another table that belong to those of one. */
export interface Companions<Row, Other extends ObjectLiteral> {
  readonly table: EntityTable<Other>;
  /** The properties that are equal in rows that belong together. */
  readonly on: { readonly own: keyof Row & string; readonly other: keyof Other & string };
  /** Only those in which this property has one of the values. */
  readonly property: keyof Other & string;
  readonly values: readonly unknown[];
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
    { table, on, property: otherProperty, values: otherValues }: Companions<Row, Other>,
  ): Promise<[Row, Other | null][]> {
    if (values.length === 0) return [];
    const { shape } = this;
    const other = table.shape;
    const size = listSize(Math.max(values.length, otherValues.length));
    const sql = shape.sql(`join ${other.name} ${property} ${otherProperty} ${on.own} ${on.other} ${size}`, () => {
      const { hint, unindexed } = other.joinByKey(otherProperty);
      const belongs = `${unindexed}other.${other.column(on.other)} = own.${shape.column(on.own)}`;
      return (
        `SELECT ${shape.selection("own")}, ${other.selection("other")} FROM ${shape.name} own ` +
        `LEFT JOIN ${other.name} other${hint} ON ${belongs} AND ${isOneOf("other", other, otherProperty, size)} ` +
        `WHERE ${isOneOf("own", shape, property, size)}`
      );
    });
    const found = await this.statements.rows(sql, [
      ...toDriver(other, otherProperty, padded(otherValues, size)),
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

  /** Whether `updateEach` saves anything: where a statement is no round trip it does not. */
  get sharesStatements(): boolean {
    return this.statements.haveTransactions;
  }

  /**
   * Changes one row for each of the changes, or none at all: one UPDATE for all of them, which is committed only if every
   * change has met its row.
   *
   * @param key a unique property that each `where` names, no two the same value
   * @param changes of the same properties, with null in the same places of `where`
   * @returns `refused` if nothing was changed
   * @throws what the database answers when it is not known whether all or none was changed
   */
  async updateEach(key: keyof Row & string, changes: readonly Change<Row>[]): Promise<Outcome> {
    const [first] = changes;
    if (first === undefined) return "committed";
    const { shape } = this;
    const all = padded(changes, listSize(changes.length));
    const properties = [...Object.keys(first.set), ...Object.keys(first.where)];
    const sql = shape.sql(`update ${all.length}: ${properties.join(" ")}`, () =>
      updateEachSql(shape, key, first, all.length),
    );
    const parameters = updateEachParameters(shape, key, first, all);
    return this.statements.transaction(async (send) => (await send(sql, parameters)) === changes.length);
  }

  /** TypeORM makes new metadata when a data source is initialized again. */
  private get shape(): TableShape<Row> {
    const metadata = this.dataSource.getMetadata(this.model);
    if (this.lastShape?.metadata !== metadata) this.lastShape = new TableShape(this.dataSource, metadata);
    return this.lastShape;
  }
}

type Shape = TableShape<ObjectLiteral>;

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

/** The key finds the rows, through its index; what each has to be and becomes is looked up by it. */
function updateEachSql(shape: Shape, key: string, change: Change<ObjectLiteral>, size: number): string {
  const ofRow = `CASE ${shape.column(key)} ${Array.from({ length: size }, () => "WHEN ? THEN ?").join(" ")} END`;
  const changes = Object.keys(change.set).map((property) => `${shape.column(property)} = ${ofRow}`);
  const own = ownConditions(change, key).map((property) => `${shape.column(property)} = ${ofRow}`);
  const nulls = Object.entries(change.where).filter(([, value]) => value === null);
  const conditions = [
    `${shape.column(key)} IN (${Array.from({ length: size }, () => "?").join(", ")})`,
    ...own,
    ...nulls.map(([property]) => `${shape.column(property)} IS NULL`),
  ];
  const sets = [...changes, ...increments(shape, change.increment)];
  return `UPDATE ${shape.name} SET ${sets.join(", ")} WHERE ${conditions.join(" AND ")}`;
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
  for (const property of Object.keys(change.set)) addOfRow(property, "set");
  parameters.push(...keys);
  for (const property of ownConditions(change, key)) addOfRow(property, "where");
  return parameters;
}
