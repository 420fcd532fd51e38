import type { FreshSession } from "./fresh-session.js";
import { dueAt, type StoredSession } from "./session.js";
import type { SessionKeeper } from "./session-keeper.js";

/** What browsers and Node can wait, milliseconds. */
const MAX_DELAY = 2 ** 31 - 1;

/** Calls `wake` after so many milliseconds, unless the function that it answers is called before. */
export type SetTimer = (wake: () => void, milliseconds: number) => () => void;

/** Keeps a process alive no longer than the connection does. */
export const globalTimer: SetTimer = (wake, milliseconds) => {
  const timer = setTimeout(wake, Math.min(milliseconds, MAX_DELAY));
  return () => clearTimeout(timer);
};

/** What `keepConnection` needs. */
export interface ConnectionParts {
  readonly keeper: SessionKeeper;
  readonly fresh: FreshSession;
  readonly setTimer: SetTimer;
}

/**
 * Keeps a connection as long as the session: refreshes when that is due, and hands each new token to `renew`, whoever has
 * refreshed. It ends with the session; nothing is to be done in cookie mode, where there is no token to hand over.
 *
 * @returns what ends it before
 */
export function keepConnection(
  { keeper, fresh, setTimer }: ConnectionParts,
  renew: (token: string) => unknown,
): () => void {
  const begun = keeper.stored;
  if (begun?.token === undefined) return () => {};
  let { token } = begun;
  let cancelTimer = wait(begun);
  const unsubscribe = keeper.subscribe(() => follow(keeper.stored));
  return stop;

  /** The clock is not asked again: timers wake a moment too early by it, and it may have been set back meanwhile. */
  function wait(stored: StoredSession): () => void {
    const delay = dueAt(stored) - keeper.now();
    return delay === Infinity ? () => {} : setTimer(() => void fresh.after(stored), Math.max(0, delay));
  }

  function follow(stored: StoredSession | null): void {
    // The server would close the connection for the token of another session.
    if (stored?.token === undefined || stored.session.payload.sid !== begun?.session.payload.sid) return stop();
    if (stored.token === token) return;
    ({ token } = stored);
    cancelTimer();
    cancelTimer = wait(stored);
    void handOver(token);
  }

  /** Where that fails the connection ends when its token expires, and its client connects again with a fresh one. */
  async function handOver(next: string): Promise<void> {
    try {
      await renew(next);
    } catch {
      // See above.
    }
  }

  function stop(): void {
    cancelTimer();
    unsubscribe();
  }
}
