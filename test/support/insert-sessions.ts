import { randomBytes } from "node:crypto";
import type { DataSource } from "typeorm";
import { uuidV7 } from "../../src/database/uuid-v7.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";

const CHUNK = 500;

/** Inserts so many rows of sessions that nobody holds a token of. */
export async function insertSessions(
  dataSource: DataSource,
  count: number,
  columns: Pick<RefreshToken, "created" | "revoked"> & Partial<Pick<RefreshToken, "user">>,
): Promise<void> {
  const { created } = columns;
  const rows = Array.from({ length: count }, () => ({
    id: uuidV7(created),
    hash: randomBytes(32),
    generation: 0,
    user: "somebody",
    rotated: created,
    lastUsed: created,
    userAgent: null,
    address: null,
    ...columns,
  }));
  const repository = dataSource.getRepository(RefreshToken);
  for (let start = 0; start < count; start += CHUNK) await repository.insert(rows.slice(start, start + CHUNK));
}
