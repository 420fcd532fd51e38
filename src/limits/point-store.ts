/** What a key has. */
export interface Points {
  readonly points: number;
  /** When its window ends, milliseconds since 1970. */
  readonly ends: number;
}

/** Where the points of keys are kept. Times are milliseconds since 1970. A window is over at the moment it ends. */
export interface PointStore {
  /**
   * Adds points to a key, in one atomic step; where its window is over or it has none, one begins that ends at `ends`.
   *
   * @returns the points that it has now
   */
  add(key: string, points: number, window: { readonly now: number; readonly ends: number }): Promise<number>;
  /** Takes points from a key that has as many and whose window is not over. */
  take(key: string, points: number, now: number): Promise<void>;
  /** Gives a key these points in a window that ends at `ends`, whatever it had. */
  set(key: string, value: Points): Promise<void>;
  /** What a key has; null where its window is over or it has none. */
  find(key: string, now: number): Promise<Points | null>;
  /** Forgets a key. Answers whether there was one. */
  delete(key: string): Promise<boolean>;
}
