import { parseOptions } from "@node-rs/argon2";

import { defaultHashingLimits, type HashingLimits, HashingQueue } from "./hashing-queue.js";
import { HashingThread } from "./hashing-thread.js";
import type { HashJob, HashOutcome } from "./hashing-worker.js";

/** The costs of argon2id (RFC 9106). */
export interface PasswordHashCosts {
  /** Memory, KiB. */
  readonly memoryCost: number;
  /** Passes over the memory. */
  readonly timeCost: number;
  /** Lanes. */
  readonly parallelism: number;
}

/** 19 MiB, two passes, one lane: the recommendation of OWASP's Password Storage Cheat Sheet, about 10 ms. */
export const DEFAULT_PASSWORD_HASH_COSTS: PasswordHashCosts = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** `Algorithm.Argon2id`. It is a const enum, which cannot be imported where each file is compiled by itself. */
const ARGON2ID = 2;

/**
 * Hashes and verifies passwords with argon2id, on threads of its own, a bounded number at once. Threads are started when they
 * are needed, and end when they have had nothing to do for ten seconds.
 *
 * Every method throws ServiceUnavailableError when too many are waiting already.
 */
export class PasswordHasher {
  private readonly costs: PasswordHashCosts;
  private readonly queue: HashingQueue<HashJob, HashOutcome>;

  /** @throws RangeError for limits that are no whole numbers, or no hash at once */
  constructor(costs: Partial<PasswordHashCosts> = {}, limits: HashingLimits = defaultHashingLimits()) {
    this.costs = { ...DEFAULT_PASSWORD_HASH_COSTS, ...costs };
    this.queue = new HashingQueue(limits, () => {
      const thread = new HashingThread();
      return (jobs) => thread.compute(jobs);
    });
  }

  /** The hash of a password in PHC string format, with a salt of its own. */
  async hash(password: string): Promise<string> {
    const options = { algorithm: ARGON2ID, ...this.costs };
    const outcome = await this.queue.run({ kind: "hash", password, options });
    if ("error" in outcome) throw outcome.error;
    return outcome.value as string;
  }

  /**
   * Whether the password is the one that was hashed. Null stands for a user that does not exist; like a hash that
   * cannot be read it costs as much time as a real one, and the answer is false.
   */
  async verify(passwordHash: string | null, password: string): Promise<boolean> {
    const outcome = passwordHash !== null && (await this.queue.run({ kind: "verify", password, passwordHash }));
    if (outcome && "value" in outcome) return outcome.value === true;
    // Hashing costs what verifying does. A kept hash to verify against would make the first of these cost twice as much.
    await this.hash(password);
    return false;
  }

  /** Whether a hash was made with other costs than today's. */
  needsRehash(passwordHash: string): boolean {
    const costs = readCosts(passwordHash);
    return (
      costs === null ||
      costs.memoryCost !== this.costs.memoryCost ||
      costs.timeCost !== this.costs.timeCost ||
      costs.parallelism !== this.costs.parallelism
    );
  }
}

/** The costs of an argon2id hash, or null for anything else. */
function readCosts(passwordHash: string): PasswordHashCosts | null {
  try {
    const options = parseOptions(passwordHash);
    return (options.algorithm as number) === ARGON2ID ? options : null;
  } catch {
    return null;
  }
}
