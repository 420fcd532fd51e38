import type { StoredSession } from "./session.js";

/**
 * Where a client keeps its session. Both methods answer at once, so that a page can be drawn from them; a store that
 * cannot (a phone's keychain) is read before the client is created, and written behind `set`.
 *
 * @example
 * let kept = JSON.parse((await keychain.read()) ?? "null");
 * const store: TokenStore = {
 *   get: () => kept,
 *   set(session) {
 *     kept = session;
 *     void keychain.write(JSON.stringify(session));
 *   },
 * };
 */
export interface TokenStore {
  /** What is kept now, also if another tab has written it; the same object until it changes. */
  get(): StoredSession | null;
  /** Keeps a session, or with null none. */
  set(session: StoredSession | null): void;
  /** Calls `listener` when somebody else has changed it. Answers what ends that. */
  subscribe?(listener: () => void): () => void;
  /** Resolves when everybody who shares the store sees what was set last. Missing where that is at once. */
  settle?(): Promise<void>;
}

/**
 * Keeps the session in memory: it ends with the page or process, and no other script's storage access reaches it.
 *
 * @example
 * const auth = createAuthClient({ url: "http://127.0.0.1:4000/trpc", store: memoryStore() });
 */
export function memoryStore(): TokenStore {
  let kept: StoredSession | null = null;
  return {
    get: () => kept,
    set(session) {
      kept = session;
    },
  };
}
