import { availableParallelism } from "node:os";

import { ServiceUnavailableError } from "../errors.js";

/** How much hashing goes on at once. */
export interface HashingLimits {
  /** Hashes that are computed at the same time, each on a thread of its own, with memory of its own: 19 MiB by default. */
  readonly concurrent: number;
  /** Hashes that may wait for their turn; a further one is refused. */
  readonly waiting: number;
}

/**
 * Most threads by default, whatever the cores. A container is shown all cores of its machine, and given a few, and its memory
 * is bounded.
 */
const MOST_THREADS = 4;

/** As many as there are cores. With 10 ms a hash, those who wait are served within about two seconds. */
export function defaultHashingLimits(): HashingLimits {
  return { concurrent: Math.min(availableParallelism(), MOST_THREADS), waiting: 256 };
}

/**
 * Most jobs of a batch. What a login needs of the main thread is in no cache after a hash, which goes through 19 MiB twice:
 * eight that are answered together take half as much of it. The first of them waits for the other seven, when so many wait
 * that it has waited longer already.
 */
const LARGEST_BATCH = 8;

/** Computes jobs, and answers with one outcome for each. */
export type Batch<Job, Outcome> = (jobs: readonly Job[]) => Promise<readonly Outcome[]>;

interface Entry<Job, Outcome> {
  readonly job: Job;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gives jobs to lanes, in their order, and refuses what is too much. A lane computes one batch at a time: a single job while
 * lanes are free, and its share of those who wait when they are not.
 */
export class HashingQueue<Job, Outcome> {
  readonly #limits: HashingLimits;
  readonly #makeLane: () => Batch<Job, Outcome>;
  readonly #free: Batch<Job, Outcome>[] = [];
  readonly #waiting: Entry<Job, Outcome>[] = [];
  #lanes = 0;
  /** Jobs without an outcome, those in batches included. */
  #open = 0;

  /**
   * @param makeLane is called when a lane is needed for the first time
   * @throws RangeError for limits by which nothing would ever be computed, or nothing refused
   */
  constructor(limits: HashingLimits, makeLane: () => Batch<Job, Outcome>) {
    assertWhole("concurrent", limits.concurrent, 1);
    assertWhole("waiting", limits.waiting, 0);
    this.#limits = limits;
    this.#makeLane = makeLane;
  }

  /** @throws ServiceUnavailableError when too many are waiting */
  run(job: Job): Promise<Outcome> {
    const { concurrent, waiting } = this.#limits;
    if (this.#open >= concurrent + waiting) return Promise.reject(new ServiceUnavailableError());
    this.#open += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      const lane = this.#freeLane();
      if (lane) void this.#work(lane);
    });
  }

  #freeLane(): Batch<Job, Outcome> | undefined {
    const free = this.#free.pop();
    if (free || this.#lanes >= this.#limits.concurrent) return free;
    this.#lanes += 1;
    return this.#makeLane();
  }

  /** Batch by batch, until nobody waits. */
  async #work(lane: Batch<Job, Outcome>): Promise<void> {
    while (this.#waiting.length > 0) {
      const share = Math.ceil(this.#waiting.length / this.#limits.concurrent);
      await this.#compute(lane, this.#waiting.splice(0, Math.min(share, LARGEST_BATCH)));
    }
    this.#free.push(lane);
  }

  async #compute(lane: Batch<Job, Outcome>, entries: readonly Entry<Job, Outcome>[]): Promise<void> {
    try {
      const outcomes = await lane(entries.map(({ job }) => job));
      entries.forEach(({ resolve }, index) => resolve(outcomes[index] as Outcome));
    } catch (error) {
      for (const { reject } of entries) reject(error);
    } finally {
      this.#open -= entries.length;
    }
  }
}

function assertWhole(name: keyof HashingLimits, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(`The hashing limit ${name} must be a whole number, ${least} or more, not ${value}`);
}
