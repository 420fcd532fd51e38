/** Someone who waits for the value of a key. */
interface Waiter<Value> {
  resolve(value: Value | null): void;
  reject(reason: unknown): void;
}

/**
 * Collects the lookups of one turn of the event loop and answers them with one query. Requests that arrive together
 * cost the database one round trip instead of one each.
 */
export class BatchLookup<Value> {
  private waiters = new Map<string, Waiter<Value>[]>();

  /**
   * @param load finds the values of all these keys; a key that is missing in its answer has no value
   * @param maxBatchSize how many keys one `load` is given at most
   */
  constructor(
    private readonly load: (keys: string[]) => Promise<ReadonlyMap<string, Value>>,
    private readonly maxBatchSize = 100,
  ) {}

  /** The value of this key, or null. Rejects as the `load` that had the key rejects. */
  find(key: string): Promise<Value | null> {
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject };
      // After the poll phase: by then every request that has already arrived has asked.
      if (this.waiters.size === 0) setImmediate(() => this.flush());
      this.waiters.set(key, [...(this.waiters.get(key) ?? []), waiter]);
    });
  }

  private flush(): void {
    const entries = [...this.waiters];
    this.waiters = new Map();
    for (let start = 0; start < entries.length; start += this.maxBatchSize) {
      void this.answer(entries.slice(start, start + this.maxBatchSize));
    }
  }

  /** Never rejects: what goes wrong goes to those who wait. */
  private async answer(batch: [string, Waiter<Value>[]][]): Promise<void> {
    try {
      const found = await this.load(batch.map(([key]) => key));
      for (const [key, waiters] of batch) waiters.forEach((waiter) => waiter.resolve(found.get(key) ?? null));
    } catch (error) {
      for (const [, waiters] of batch) waiters.forEach((waiter) => waiter.reject(error));
    }
  }
}
