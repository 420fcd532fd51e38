import { hash, parseOptions, verify } from "@node-rs/argon2";

import { defaultHashingLimits, type HashingLimits, HashingQueue } from "./hashing-queue.js";

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
 * Hashes and verifies passwords with argon2id, outside the main thread, a bounded number at once.
 *
 * Every method throws ServiceUnavailableError when too many are waiting already.
 */
export class PasswordHasher {
  private readonly costs: PasswordHashCosts;
  private readonly queue: HashingQueue;

  constructor(costs: Partial<PasswordHashCosts> = {}, limits: HashingLimits = defaultHashingLimits()) {
    this.costs = { ...DEFAULT_PASSWORD_HASH_COSTS, ...costs };
    this.queue = new HashingQueue(limits);
  }

  /** The hash of a password in PHC string format, with a salt of its own. */
  hash(password: string): Promise<string> {
    return this.queue.run(() => hash(password, { algorithm: ARGON2ID, ...this.costs }));
  }

  /**
   * Whether the password is the one that was hashed. Null stands for a user that does not exist; like a hash that
   * cannot be read it costs as much time as a real one, and the answer is false.
   */
  async verify(passwordHash: string | null, password: string): Promise<boolean> {
    const isRight = passwordHash === null ? null : await this.queue.run(() => verifyIfReadable(passwordHash, password));
    if (isRight !== null) return isRight;
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

/** Null for what is no argon2 hash, or a damaged one. */
function verifyIfReadable(passwordHash: string, password: string): Promise<boolean | null> {
  return verify(passwordHash, password).catch(() => null);
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
