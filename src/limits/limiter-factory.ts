import type { RateLimiterLike } from "rate-limiter-flexible";

/** What one limit is. */
export interface LimitOptions {
  /** Begins the keys of this limit, so that those of others are not counted with it. */
  readonly keyPrefix: string;
  /** Attempts that are allowed in a window. */
  readonly points: number;
  /** The window, seconds, from the first attempt on. */
  readonly duration: number;
}

/**
 * Makes the limiter of one limit, over the store that the factory stands for: one of rate-limiter-flexible's, or one that
 * keeps its contract. `consume` is one atomic step, over all processes that share the store. Keys are keyed hashes, text
 * of 43 characters; nothing can be read from them.
 */
export type LimiterFactory = (options: LimitOptions) => RateLimiterLike;
