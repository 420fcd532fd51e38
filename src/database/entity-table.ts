import type { DataSource, EntityTarget, ObjectLiteral } from "typeorm";

import { DatabaseError } from "./database-error.js";
import { isOneOf, padded } from "./placeholders.js";
import { OUT_OF_RANGE, type RowsChange, rowsUpdate } from "./rows-change.js";
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
    const keys = padded(values);
    const sql = shape.sql(`find ${property} ${keys.length}`, () => {
      return `SELECT ${shape.selection("own")} FROM ${shape.name} own WHERE ${isOneOf(`own.${shape.column(property)}`, keys.length)}`;
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
    const keys = padded(values, Math.max(values.length, among?.values.length ?? 0));
    const size = keys.length;
    const sql = shape.sql(`join ${other.name} ${property} ${among?.property} ${on.own} ${on.other} ${size}`, () => {
      const { hint, unindexed } = other.joinByKey(among?.property);
      const belongs = `${unindexed}other.${other.column(on.other)} = own.${shape.column(on.own)}`;
      const isAmong = among ? ` AND ${isOneOf(`other.${other.column(among.property)}`, size)}` : "";
      return (
        `SELECT ${shape.selection("own")}, ${other.selection("other")} FROM ${shape.name} own ` +
        `LEFT JOIN ${other.name} other${hint} ON ${belongs}${isAmong} WHERE ${isOneOf(`own.${shape.column(property)}`, size)}`
      );
    });
    const found = await this.statements.rows(sql, [
      ...(among ? toDriver(other, among.property, padded(among.values, size)) : []),
      ...toDriver(shape, property, keys),
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
   * Changes several rows in one UPDATE: those that are as they have to be, or with `increment` all that are there, or none if
   * one of them is not as it has to be. On MySQL and MariaDB alone.
   *
   * @returns how many rows were changed. Or why none was: with `increment` a row is "unfit", or the database "refused", as it
   *   does if a row is locked for too long
   * @throws what the database answers when it is not known whether all or none was changed
   */
  async updateRows(change: RowsChange<Row>): Promise<number | "unfit" | "refused"> {
    if (change.rows.length === 0) return 0;
    const { sql, parameters } = rowsUpdate(this.shape, change);
    try {
      return await this.statements.change(sql, parameters);
    } catch (error) {
      if (DatabaseError.from(error).errno === OUT_OF_RANGE) return "unfit";
      if (classifyFailure(error) === "refused") return "refused";
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
