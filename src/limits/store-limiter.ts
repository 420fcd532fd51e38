import { RateLimiterCompatibleAbstract, RateLimiterRes } from "rate-limiter-flexible";

import type { Clock } from "../clock.js";
import type { LimitOptions } from "./limiter-factory.js";
import type { Points, PointStore } from "./point-store.js";

/**
 * A limiter by the contract of rate-limiter-flexible, over a store and a clock of ours: its own stores for memory and SQL
 * read the time of the process, keep a timer for each key or send four statements for each attempt.
 */
export class StoreLimiter extends RateLimiterCompatibleAbstract {
  override readonly keyPrefix: string;
  // The class of the library has accessors for these two that throw; nothing here blocks or delays.
  override blockDuration = 0;
  override execEvenly = false;

  constructor(
    private readonly options: LimitOptions,
    private readonly store: PointStore,
    private readonly clock: Clock,
  ) {
    super();
    this.keyPrefix = options.keyPrefix;
  }

  /** Rejects with a `RateLimiterRes` where there are too many points, as every limiter of the library does. */
  override async consume(key: string | number, points = 1): Promise<RateLimiterRes> {
    const now = this.now;
    const consumed = await this.store.add(this.keyOf(key), points, { now, ends: now + this.msDuration });
    if (consumed <= this.options.points) return this.result({ points: consumed, ends: now + this.msDuration });
    // Only who is refused has to know until when.
    const found = await this.store.find(this.keyOf(key), now);
    // oxlint-disable-next-line typescript/only-throw-error
    throw this.result({ points: consumed, ends: found?.ends ?? now });
  }

  override async reward(key: string | number, points = 1): Promise<RateLimiterRes> {
    await this.store.take(this.keyOf(key), points, this.now);
    return (await this.get(key)) ?? this.result({ points: 0, ends: this.now });
  }

  override async get(key: string | number): Promise<RateLimiterRes | null> {
    const found = await this.store.find(this.keyOf(key), this.now);
    return found && this.result(found);
  }

  override async set(key: string | number, points: number, secDuration: number): Promise<RateLimiterRes> {
    const value = { points, ends: this.now + secDuration * 1000 };
    await this.store.set(this.keyOf(key), value);
    return this.result(value);
  }

  override delete(key: string | number): Promise<boolean> {
    return this.store.delete(this.keyOf(key));
  }

  private result({ points, ends }: Points): RateLimiterRes {
    const remaining = Math.max(this.options.points - points, 0);
    return new RateLimiterRes(remaining, Math.max(ends - this.now, 0), points, points === 1);
  }

  private keyOf(key: string | number): string {
    return `${this.keyPrefix}:${key}`;
  }

  private get now(): number {
    return this.clock.now().getTime();
  }

  private get msDuration(): number {
    return this.options.duration * 1000;
  }
}
