import type { DataSource } from "typeorm";

/** What the drivers answer. */
type Value = Buffer | Date | string | number | bigint | null;

/** Every value of every row in the database, as bytes: what somebody holds who has stolen it, and nothing else. */
export async function dumpOf(dataSource: DataSource): Promise<Buffer[]> {
  const tables = [...dataSource.entityMetadatas.map(({ tableName }) => tableName), "janus_migration"];
  const values: Buffer[] = [];
  for (const table of tables) {
    const rows = await dataSource.query<Record<string, Value>[]>(`SELECT * FROM ${table}`);
    values.push(...rows.flatMap((row) => Object.values(row)).map(bytesOf));
  }
  return values.filter(({ length }) => length > 0);
}

function bytesOf(value: Value): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof Date) return Buffer.from(value.toISOString());
  return Buffer.from(value === null ? "" : String(value));
}
