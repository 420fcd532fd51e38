import { byteText } from "../database/byte-text.js";
import type { EntityTable } from "../database/entity-table.js";
import { withDatabase } from "../database/retry.js";
import type { RefreshToken } from "./refresh-token.js";

/** The sessions with these hashes as they are now, each by the `byteText` of its hash. */
export async function rowsByHash(
  table: EntityTable<RefreshToken>,
  hashes: readonly Buffer[],
): Promise<ReadonlyMap<string, RefreshToken>> {
  const rows = await withDatabase(() => table.findBy("hash", hashes), { mayRunTwice: true });
  return new Map(rows.map((row) => [byteText(row.hash), row]));
}
