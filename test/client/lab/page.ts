import type { StorageChange, StorageLike } from "../../../src/client/browser-globals.js";

type Listener = (event: StorageChange) => void;

/** What a page has that Node has not: `localStorage`, and the events of it. The suite in a browser has the real ones. */
export interface Page {
  readonly storage: Map<string, string>;
  /** What is wrong with the storage. */
  fault: "denied" | "full" | "missing" | undefined;
  /** How many listen to the storage. */
  readonly listeners: number;
  /** Does something as another tab of the site would: the storage is the same. */
  openTab<T>(open: () => T): T;
  /** Tells the page that another tab has changed a key; null for all of them. */
  changed(key: string | null): void;
}

const NAMES = ["localStorage", "addEventListener", "removeEventListener"] as const;

/** Puts a page's globals in place, until `removePage`. */
export function setPage(): Page {
  const storage = new Map<string, string>();
  const listeners = new Set<Listener>();
  const page: Page = {
    storage,
    fault: undefined,
    get listeners() {
      return listeners.size;
    },
    openTab: (open) => open(),
    changed: (key) => listeners.forEach((listener) => listener({ key })),
  };
  define("localStorage", () => storageOf(page));
  define("addEventListener", () => (_type: string, listener: Listener) => void listeners.add(listener));
  define("removeEventListener", () => (_type: string, listener: Listener) => void listeners.delete(listener));
  return page;
}

export function removePage(): void {
  for (const name of NAMES) Reflect.deleteProperty(globalThis, name);
}

function define(name: (typeof NAMES)[number], get: () => unknown): void {
  Object.defineProperty(globalThis, name, { configurable: true, get });
}

function storageOf({ storage, fault }: Page): StorageLike | undefined {
  if (fault === "missing") return undefined;
  if (fault === "denied") throw new DOMException("The operation is insecure.", "SecurityError");
  return {
    getItem: (key) => storage.get(key) ?? null,
    removeItem: (key) => void storage.delete(key),
    setItem(key, value) {
      if (fault === "full") throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      storage.set(key, value);
    },
  };
}
