import type { QueryRunner } from "typeorm";

interface TextColumn {
  readonly type: "varchar";
  readonly length: string;
  readonly charset?: "utf8mb4";
  readonly collation?: "utf8mb4_bin";
}

/**
 * A `varchar` column that tells `alice` from `Alice`, as SQLite does by itself. MySQL does not by default, and the
 * default character set of an old database may not even hold every character.
 */
export function exactText(queryRunner: QueryRunner): (length: number) => TextColumn {
  const exact = queryRunner.dataSource.options.type === "better-sqlite3" ? {} : MYSQL_EXACT;
  return (length) => ({ type: "varchar", length: String(length), ...exact });
}

const MYSQL_EXACT = { charset: "utf8mb4", collation: "utf8mb4_bin" } as const;
