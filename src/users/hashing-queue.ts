import { availableParallelism } from "node:os";

import { ServiceUnavailableError } from "../errors.js";

/** How much hashing goes on at once. */
export interface HashingLimits {
  /** Hashes that are computed at the same time. */
  readonly concurrent: number;
  /** Hashes that may wait for their turn; a further one is refused. */
  readonly waiting: number;
}

/** Threads that Node computes in, argon2 and Web Crypto alike, unless UV_THREADPOOL_SIZE says otherwise. */
const DEFAULT_THREADS = 4;

/**
 * As many as there are cores, and always one thread less than there are: a storm of logins must not hold up the
 * signatures of everybody else. With 10 ms a hash, those who wait are served within about two seconds.
 */
export function defaultHashingLimits(): HashingLimits {
  const threads = Number(process.env["UV_THREADPOOL_SIZE"] ?? DEFAULT_THREADS);
  return { concurrent: Math.max(1, Math.min(availableParallelism(), threads - 1)), waiting: 256 };
}

/** Lets so many run at once, keeps so many waiting, in their order, and refuses the rest. */
export class HashingQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly limits: HashingLimits) {}

  /** @throws ServiceUnavailableError when too many are waiting */
  async run<T>(job: () => Promise<T>): Promise<T> {
    await this.turn();
    try {
      return await job();
    } finally {
      this.next();
    }
  }

  private async turn(): Promise<void> {
    if (this.running < this.limits.concurrent) {
      this.running += 1;
      return;
    }
    if (this.waiting.length >= this.limits.waiting) throw new ServiceUnavailableError();
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Hands the place on, so that nobody can come in between. */
  private next(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running -= 1;
  }
}
