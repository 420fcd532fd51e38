import { Batches, type BatchLimits } from "./batches.js";

/** A key, and those who wait for its value. */
interface Question<Value> {
  readonly key: string;
  readonly waiters: Waiter<Value>[];
}

interface Waiter<Value> {
  readonly resolve: (value: Value | null) => void;
  readonly reject: (reason: unknown) => void;
}

/** Few at once, so that under load each has many keys; not one, so that a slow one keeps nobody waiting. */
export const LOOKUP_LIMITS: BatchLimits = { size: 64, running: 4 };

/**
 * Collects the lookups of one turn of the event loop and answers them with one query. Requests that arrive together
 * cost the database one round trip instead of one each.
 */
export class BatchLookup<Value> {
  /** Those that no query has been sent for. */
  private open = new Map<string, Question<Value>>();
  private readonly batches: Batches<Question<Value>>;

  /**
   * @param load finds the values of all these keys; a key that is missing in its answer has no value
   * @param limits `size`: how many keys one `load` is given at most
   */
  constructor(
    private readonly load: (keys: string[]) => Promise<ReadonlyMap<string, Value>>,
    limits: Partial<BatchLimits> = {},
  ) {
    this.batches = new Batches((questions) => this.answer(questions), { ...LOOKUP_LIMITS, ...limits });
  }

  /** The value of this key, or null. Rejects as the `load` that had the key rejects. */
  find(key: string): Promise<Value | null> {
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject };
      const asked = this.open.get(key);
      if (asked) return void asked.waiters.push(waiter);
      const question = { key, waiters: [waiter] };
      this.open.set(key, question);
      this.batches.add(question);
    });
  }

  /** Who asks from now on asks anew. */
  private close(questions: readonly Question<Value>[]): void {
    for (const { key } of questions) this.open.delete(key);
    // A Map that lives on chains the tables that it outgrows, and with them what was in them, until a full collection.
    if (this.open.size === 0) this.open = new Map();
  }

  /** Never rejects: what goes wrong goes to those who wait. */
  private async answer(questions: readonly Question<Value>[]): Promise<void> {
    this.close(questions);
    try {
      const found = await this.load(questions.map(({ key }) => key));
      for (const { key, waiters } of questions) waiters.forEach(({ resolve }) => resolve(found.get(key) ?? null));
    } catch (error) {
      for (const { waiters } of questions) waiters.forEach(({ reject }) => reject(error));
    }
  }
}
