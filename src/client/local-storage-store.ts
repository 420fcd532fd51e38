import { browser, type StorageChange } from "./browser-globals.js";
import type { StoredSession } from "./session.js";
import type { TokenStore } from "./token-store.js";

/**
 * Keeps the session in `localStorage`: it survives a reload, and the tabs of a site share it. Every script on the page
 * can read it; where that matters, keep tokens in memory or in cookies. What is damaged is dropped. Where a browser
 * denies the storage, and outside of browsers, it is kept in memory.
 *
 * @param key under which it is stored
 * @example
 * const auth = createAuthClient({ url: "/trpc", store: localStorageStore() });
 */
export function localStorageStore(key = "janus-auth"): TokenStore {
  let text: string | null = null;
  let kept: StoredSession | null = null;
  let written = true;

  function get(): StoredSession | null {
    const found = written ? read(key) : text;
    if (found === text) return kept;
    text = found;
    kept = parse(found);
    if (found !== null && kept === null) set(null);
    return kept;
  }

  function set(session: StoredSession | null): void {
    text = session && JSON.stringify(session);
    kept = session;
    written = write(key, text);
  }

  return { get, set, subscribe: (listener) => onStorage(key, listener), settle };
}

/** How long a browser may take to show a change to its other processes, milliseconds. Nothing tells when it has. */
const PROPAGATION = 300;

/** Where there is no document there are no other tabs. */
async function settle(): Promise<void> {
  if (browser.document) await new Promise<void>((resolve) => setTimeout(resolve, PROPAGATION));
}

/** Browsers throw at the mere access where the site is denied its storage. */
function read(key: string): string | null {
  try {
    return browser.localStorage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

/** Answers whether that was possible: it may be denied, full or missing. */
function write(key: string, text: string | null): boolean {
  try {
    if (text === null) browser.localStorage?.removeItem(key);
    else browser.localStorage?.setItem(key, text);
    return browser.localStorage !== undefined;
  } catch {
    return false;
  }
}

function onStorage(key: string, listener: () => void): () => void {
  const changed = (event: StorageChange) => {
    if (event.key === key || event.key === null) listener();
  };
  browser.addEventListener?.("storage", changed);
  return () => browser.removeEventListener?.("storage", changed);
}

function parse(text: string | null): StoredSession | null {
  try {
    const found: unknown = JSON.parse(text ?? "null");
    return isStored(found) ? found : null;
  } catch {
    return null;
  }
}

function isStored(value: unknown): value is StoredSession {
  if (!isObject(value)) return false;
  const { session, token, refreshToken, lifetime, expiresAt } = value;
  const texts = [token, refreshToken].every((text) => text === undefined || typeof text === "string");
  const numbers = [lifetime, expiresAt].every((number) => number === undefined || typeof number === "number");
  return texts && numbers && isObject(session) && isObject(session["payload"]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
