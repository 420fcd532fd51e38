/** A part of `Storage`. */
export interface StorageLike {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** What only browsers have, and not all of them: everywhere else these are undefined. */
interface BrowserGlobals {
  readonly localStorage?: StorageLike;
  readonly document?: { readonly cookie: string };
  readonly location?: { readonly href: string };
  readonly navigator?: { readonly locks?: { request<T>(name: string, run: () => Promise<T>): Promise<T> } };
  addEventListener?(type: "storage", listener: (event: StorageChange) => void): void;
  removeEventListener?(type: "storage", listener: (event: StorageChange) => void): void;
}

/** A part of `StorageEvent`. */
export interface StorageChange {
  /** Null when everything was deleted. */
  readonly key: string | null;
}

export const browser = globalThis as unknown as BrowserGlobals;
