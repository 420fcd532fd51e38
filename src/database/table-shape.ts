import type { DataSource, EntityMetadata, ObjectLiteral } from "typeorm";

import type { RawRow } from "./statements.js";

type ColumnMetadata = EntityMetadata["columns"][number];

/** Names and conversions of an entity's table, as TypeORM has them, and the SQL that was made of them. */
export class TableShape<Row extends ObjectLiteral> {
  /** Quoted. */
  readonly name: string;
  /** The properties that a row is read with. */
  private readonly readable: readonly ReadableColumn[];
  private readonly byProperty: ReadonlyMap<string, ColumnMetadata>;
  private readonly texts = new Map<string, string>();
  /** Of each alias the names of its columns in an answer. */
  private readonly names = new Map<string, readonly string[]>();

  constructor(
    private readonly dataSource: DataSource,
    readonly metadata: EntityMetadata,
  ) {
    const parts = metadata.tablePath.split("."); // MySQL may put the name of a database before it
    this.name = parts.map((part) => dataSource.driver.escape(part)).join(".");
    this.readable = metadata.columns.filter(isReadable).map(toReadable);
    this.byProperty = new Map(metadata.columns.toReversed().map((column) => [column.propertyName, column]));
  }

  /** SQL that is made once for each key. */
  sql(key: string, make: () => string): string {
    let text = this.texts.get(key);
    if (text === undefined) this.texts.set(key, (text = make()));
    return text;
  }

  /** The quoted column of a property. */
  column(property: string): string {
    return this.dataSource.driver.escape(this.columnOf(property).databaseName);
  }

  toDriver(property: string, value: unknown): unknown {
    return this.dataSource.driver.preparePersistentValue(value, this.columnOf(property));
  }

  /** The columns under numbered names, because two tables may have columns of the same name. */
  selection(alias: string): string {
    const escape = ({ column }: ReadableColumn) => this.dataSource.driver.escape(column.databaseName);
    const names = this.namesOf(alias);
    return this.readable.map((one, index) => `${alias}.${escape(one)} AS ${names[index]}`).join(", ");
  }

  /**
   * How the table is joined where both its key and another indexed column are compared. The key is the one to look rows
   * up by: a column that thousands of rows share would have all of them read, as soon as a few keys are asked for.
   */
  joinByKey(property: string | undefined): { readonly hint: string; readonly unindexed: string } {
    if (property === undefined || !this.columnOf(property).isPrimary) return { hint: "", unindexed: "" };
    // SQLite takes no index for a column behind a plus; in MySQL that would be a number.
    if (this.dataSource.options.type === "better-sqlite3") return { hint: "", unindexed: "+" };
    return { hint: " FORCE INDEX (PRIMARY)", unindexed: "" };
  }

  toRow(raw: RawRow, alias: string): Row {
    const row = this.metadata.create() as Record<string, unknown>;
    const { driver } = this.dataSource;
    const names = this.namesOf(alias);
    this.readable.forEach(({ column, isAsItIs, isOwn }, index) => {
      const read = raw[names[index] ?? ""];
      const value: unknown = isAsItIs ? read : driver.prepareHydratedValue(read, column);
      if (isOwn) row[column.propertyName] = value;
      else column.setEntityValue(row, value);
    });
    return row as unknown as Row;
  }

  /** A joined row that is not there has null in all columns, also in those of its key. */
  toRowIfAny(raw: RawRow, alias: string): Row | null {
    const names = this.namesOf(alias);
    const isThere = this.readable.some(({ column }, index) => column.isPrimary && raw[names[index] ?? ""] !== null);
    return isThere ? this.toRow(raw, alias) : null;
  }

  /** Made once: a text that is put together anew is a name that has to be looked up first. */
  private namesOf(alias: string): readonly string[] {
    let names = this.names.get(alias);
    if (!names) this.names.set(alias, (names = this.readable.map((_, index) => `${alias}${index}`)));
    return names;
  }

  private columnOf(property: string): ColumnMetadata {
    const column = this.byProperty.get(property);
    if (!column) throw new Error(`${this.metadata.name} has no column for "${property}"`);
    return column;
  }
}

/** A column that rows are read with, and what TypeORM need not be asked about it for each row. */
interface ReadableColumn {
  readonly column: ColumnMetadata;
  /** Whether the value is the one that the driver of the database answers. */
  readonly isAsItIs: boolean;
  /** Whether it is a property of the row itself. */
  readonly isOwn: boolean;
}

/** The types of columns whose values no driver of TypeORM's converts. */
const UNCONVERTED: ReadonlySet<unknown> = new Set(["varchar", "int", "binary"]);

function toReadable(column: ColumnMetadata): ReadableColumn {
  const { type, transformer, embeddedMetadata } = column;
  return { column, isAsItIs: UNCONVERTED.has(type) && !transformer, isOwn: !embeddedMetadata };
}

/** Neither a computed column nor the key of a relation, nor one that is only read on demand. */
function isReadable({ isSelect, isVirtual, isVirtualProperty }: ColumnMetadata): boolean {
  return isSelect && !isVirtual && !isVirtualProperty;
}
