import { type DataSource, Equal, type FindOperator, Raw } from "typeorm";

/**
 * The condition that a column has this text and no other. Collations of MySQL may ignore case and accents, and those that do
 * not ignore spaces at the end: the bytes are compared beside the text, which the index is for.
 */
export function exactly({ options }: DataSource, text: string): FindOperator<string> {
  if (options.type === "better-sqlite3") return Equal(text);
  const bytes = Buffer.from(text, "utf8").toString("hex").toUpperCase();
  const isSame = (column: string) => `${column} = :text AND HEX(CONVERT(${column} USING utf8mb4)) = :bytes`;
  return Raw(isSame, { text, bytes }) as FindOperator<string>;
}
