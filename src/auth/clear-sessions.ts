import { setTimeout as sleep } from "node:timers/promises";
import type { EndedPosition, EndedSessions, RefreshTokenRepository } from "../sessions/refresh-token-repository.js";

/** Rows that a batch looks at: the first one, and at least and at most. */
const BATCH = { first: 250, least: 50, most: 1_000 };
/** Milliseconds that a batch is to take: whoever wants a row that it holds waits no longer. */
const BATCH_TIME = 10;
/** Milliseconds; a database that is this busy is not helped by waiting longer. */
const LONGEST_PAUSE = 1_000;

/** Waits so many milliseconds, or until the signal is aborted; it does not reject. */
export type Pause = (milliseconds: number, signal: AbortSignal | undefined) => Promise<unknown>;

export interface ClearingOptions {
  /** Most rows to delete; by default all. */
  readonly limit?: number;
  /** Is told after each batch how many rows have been deleted so far. */
  readonly report?: (deleted: number) => void;
  /** Aborted, no further batch is begun. */
  readonly signal?: AbortSignal;
  /** By default Node's timer; another one in tests. */
  readonly pause?: Pause;
  /** Milliseconds on a clock that is never set; another one in tests. */
  readonly now?: () => number;
}

/**
 * Deletes sessions that are over. Any number of servers may do it at the same time, and be used meanwhile: each batch
 * is a statement of its own, and what another one has deleted first is not missed. After each batch it rests for as long
 * as that took, so that it never has more than half of the database; and the slower that is, the smaller batches become.
 *
 * @returns how many rows this call deleted
 */
export async function clearSessions(
  repository: RefreshTokenRepository,
  ended: EndedSessions,
  options: ClearingOptions = {},
): Promise<number> {
  const { limit = Infinity, report, signal, pause = timer, now = () => performance.now() } = options;
  let deleted = 0;
  let size = BATCH.first;
  let position: EndedPosition | undefined;
  while (deleted < limit) {
    if (signal?.aborted) break;
    const began = now();
    const batch = await repository.deleteEnded(ended, Math.min(size, limit - deleted), position);
    const elapsed = now() - began;
    deleted += batch.deleted;
    if (batch.deleted > 0) report?.(deleted);
    if (batch.next === null) break;
    position = batch.next;
    size = nextSize(size, elapsed);
    // Also after a batch that took no time: SQLite works in this very thread, and requests have their turn.
    await pause(Math.min(elapsed, LONGEST_PAUSE), signal);
  }
  return deleted;
}

function nextSize(size: number, elapsed: number): number {
  if (elapsed > BATCH_TIME * 2) return Math.max(BATCH.least, Math.floor(size / 2));
  return elapsed < BATCH_TIME ? Math.min(BATCH.most, size * 2) : size;
}

const timer: Pause = (milliseconds, signal) =>
  sleep(milliseconds, undefined, signal && { signal }).catch(() => undefined);
