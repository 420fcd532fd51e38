import { setTimeout as sleep } from "node:timers/promises";

import { ServiceUnavailableError } from "../errors.js";
import { DatabaseError } from "./database-error.js";
import { classifyFailure } from "./transient-errors.js";

const ATTEMPTS = 5;
/** Milliseconds after which there is no further attempt: whoever waits for the answer can try again just as well. */
const PATIENCE = 5_000;
/** Milliseconds; doubled at every further attempt. */
const FIRST_PAUSE = 10;

/** How a failed statement is tried again. */
export interface RetryOptions {
  /**
   * Whether the statement may be applied a second time. Then it is also tried again after a broken connection, when
   * nobody knows whether it was applied the first time. By default it is not.
   */
  readonly mayRunTwice?: boolean;
  /** Waits so many milliseconds; another one in tests. */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  /** Milliseconds on a clock that is never set; another one in tests. */
  readonly now?: () => number;
}

/**
 * Runs statements and makes their failures fit to leave the database layer: what another attempt may heal is tried a
 * few times, with pauses that differ from process to process.
 *
 * @param operation one autocommit statement, or a whole transaction
 * @throws {ServiceUnavailableError} when the database cannot be reached, or still refuses at the last attempt
 * @throws {DatabaseError} for every other failure of the database
 */
export async function withDatabase<T>(operation: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { sleep: pause = sleep, now = () => performance.now() } = options;
  const deadline = now() + PATIENCE;
  for (let attempt = 1; ; attempt++) {
    try {
      return await operation();
    } catch (error) {
      const failure = classifyFailure(error);
      const cause = DatabaseError.from(error);
      if (failure === "final") throw cause;
      const worthwhile = failure === "refused" || (failure === "lost" && options.mayRunTwice === true);
      if (!worthwhile || attempt === ATTEMPTS || now() >= deadline) throw new ServiceUnavailableError({ cause });
      await pause(jitteredPause(attempt));
    }
  }
}

/** Milliseconds before the next attempt. Full jitter: those who collided must not collide again. */
export function jitteredPause(attempt: number): number {
  return Math.random() * FIRST_PAUSE * 2 ** attempt;
}
