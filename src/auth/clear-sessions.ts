import { setImmediate as nextTurn } from "node:timers/promises";
import type { EndedSessions, RefreshTokenRepository } from "../sessions/refresh-token-repository.js";

/** Rows at a time: few enough to keep nobody waiting. */
const BATCH = 250;

export interface ClearingOptions {
  /** Most rows to delete; by default all. */
  readonly limit?: number;
  /** Is told after each batch how many rows have been deleted so far. */
  readonly report?: (deleted: number) => void;
  /** Aborted, no further batch is begun. */
  readonly signal?: AbortSignal;
}

/**
 * Deletes sessions that are over. Any number of servers may do it at the same time, and be used meanwhile: each batch
 * is a statement of its own, and what another one has deleted first is not missed.
 *
 * @returns how many rows this call deleted
 */
export async function clearSessions(
  repository: RefreshTokenRepository,
  ended: EndedSessions,
  { limit = Infinity, report, signal }: ClearingOptions = {},
): Promise<number> {
  let deleted = 0;
  while (deleted < limit) {
    if (signal?.aborted) break;
    const count = await repository.deleteEnded(ended, Math.min(BATCH, limit - deleted));
    if (count === 0) break;
    deleted += count;
    report?.(deleted);
    // SQLite works in this very thread: requests have their turn between two batches.
    await nextTurn();
  }
  return deleted;
}
