import type { DataSource, EntityMetadata, EntityTarget, ObjectLiteral } from "typeorm";

type ColumnMetadata = EntityMetadata["columns"][number];
type RawRow = Readonly<Record<string, unknown>>;

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
 * that a subclass may add columns and have another table. No listeners or subscribers are called.
 */
export class EntityTable<Row extends ObjectLiteral> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly model: EntityTarget<Row>,
  ) {}

  /** All rows in which the property has one of these values, in no order. */
  async findBy(property: keyof Row & string, values: readonly unknown[]): Promise<Row[]> {
    if (values.length === 0) return [];
    const found = await this.dataSource.query<RawRow[]>(
      `SELECT ${this.selection("own")} FROM ${this.name} own WHERE ${this.isOneOf("own", property, values)}`,
      this.keysToDriver(property, values),
    );
    return found.map((raw) => this.toRow(raw, "own"));
  }

  /** The same with the other rows that belong to each, or one null where there are none: one statement for both tables. */
  async findWith<Other extends ObjectLiteral>(
    property: keyof Row & string,
    values: readonly unknown[],
    { table, on, property: otherProperty, values: otherValues }: Companions<Row, Other>,
  ): Promise<[Row, Other | null][]> {
    if (values.length === 0) return [];
    const belongs = `other.${table.escape(table.column(on.other))} = own.${this.escape(this.column(on.own))}`;
    const found = await this.dataSource.query<RawRow[]>(
      `SELECT ${this.selection("own")}, ${table.selection("other")} FROM ${this.name} own ` +
        `LEFT JOIN ${table.name} other ON ${belongs} AND ${table.isOneOf("other", otherProperty, otherValues)} ` +
        `WHERE ${this.isOneOf("own", property, values)}`,
      [...table.keysToDriver(otherProperty, otherValues), ...this.keysToDriver(property, values)],
    );
    return found.map((raw) => [this.toRow(raw, "own"), table.toRowIfAny(raw, "other")]);
  }

  /** Changes all rows that fit, in one UPDATE. Answers how many there were. */
  async update({ set, increment, where }: Change<Row>): Promise<number> {
    const parameters: unknown[] = [];
    const equal = ([property, value]: [string, unknown]): string => {
      const column = this.column(property);
      parameters.push(this.toDriver(value, column));
      return `${this.escape(column)} = ?`;
    };
    const is = (entry: [string, unknown]): string =>
      entry[1] === null ? `${this.escape(this.column(entry[0]))} IS NULL` : equal(entry);
    const changes = Object.entries(set).map(equal);
    if (increment !== undefined) {
      const column = this.escape(this.column(increment));
      changes.push(`${column} = ${column} + 1`);
    }
    const conditions = Object.entries(where).map(is);
    return this.execute(`UPDATE ${this.name} SET ${changes.join(", ")} WHERE ${conditions.join(" AND ")}`, parameters);
  }

  /** `dataSource.query` would not tell the number of rows on SQLite. */
  private async execute(sql: string, parameters: unknown[]): Promise<number> {
    const queryRunner = this.dataSource.createQueryRunner();
    try {
      const { affected } = await queryRunner.query(sql, parameters, true);
      return affected ?? 0;
    } finally {
      await queryRunner.release();
    }
  }

  private get metadata(): EntityMetadata {
    return this.dataSource.getMetadata(this.model);
  }

  private get name(): string {
    const parts = this.metadata.tablePath.split("."); // MySQL may put the name of a database before it
    return parts.map((part) => this.dataSource.driver.escape(part)).join(".");
  }

  private column(property: string): ColumnMetadata {
    const column = this.metadata.findColumnWithPropertyName(property);
    if (!column) throw new Error(`${this.metadata.name} has no column for "${property}"`);
    return column;
  }

  private escape(column: ColumnMetadata): string {
    return this.dataSource.driver.escape(column.databaseName);
  }

  private toDriver(value: unknown, column: ColumnMetadata): unknown {
    return this.dataSource.driver.preparePersistentValue(value, column);
  }

  private keysToDriver(property: string, values: readonly unknown[]): unknown[] {
    const key = this.column(property);
    return values.map((value) => this.toDriver(value, key));
  }

  private isOneOf(alias: string, property: string, values: readonly unknown[]): string {
    return `${alias}.${this.escape(this.column(property))} IN (${values.map(() => "?").join(", ")})`;
  }

  private get readable(): ColumnMetadata[] {
    return this.metadata.columns.filter(isReadable);
  }

  /** The columns under numbered names, because two tables may have columns of the same name. */
  private selection(alias: string): string {
    return this.readable.map((column, index) => `${alias}.${this.escape(column)} AS ${alias}${index}`).join(", ");
  }

  private toRow(raw: RawRow, alias: string): Row {
    const row = this.dataSource.manager.create(this.model);
    for (const [index, column] of this.readable.entries()) {
      column.setEntityValue(row, this.dataSource.driver.prepareHydratedValue(raw[`${alias}${index}`], column));
    }
    return row;
  }

  /** A joined row that is not there has null in all columns, also in those of its key. */
  private toRowIfAny(raw: RawRow, alias: string): Row | null {
    const isThere = this.readable.some(({ isPrimary }, index) => isPrimary && raw[`${alias}${index}`] !== null);
    return isThere ? this.toRow(raw, alias) : null;
  }
}

/** Neither a computed column nor the key of a relation, nor one that is only read on demand. */
function isReadable({ isSelect, isVirtual, isVirtualProperty }: ColumnMetadata): boolean {
  return isSelect && !isVirtual && !isVirtualProperty;
}
