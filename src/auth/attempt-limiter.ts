import type { Call } from "./call.js";

/** Who is about to have a password looked at. */
export interface Guesser {
  /** The name in the one spelling that its others are counted with. Asked for where anything is counted. */
  readonly spelling: () => string;
  /** The name as the client wrote it, for the event. */
  readonly user: string;
  /** Whether it is known that there is such a user. */
  readonly known: boolean;
}

/** What stands between passwords and those who guess them. */
export interface AttemptLimiter {
  /**
   * Counts an attempt, before anything is looked at: however many are made at once, no more are let through than the
   * limits allow, over all servers that count together. Nothing in the answer or its time depends on whether there is
   * such a user. A promise where there is something to count.
   *
   * @throws TooManyRequestsError for one too many, however right the password is
   * @throws ServiceUnavailableError when it cannot be counted now
   */
  begin(guesser: Guesser, call: Call): Attempt | Promise<Attempt>;
}

/** An attempt that has been counted, if there was something to count; both answer undefined if there was not. */
export interface Attempt {
  /** The password was right: it is taken back, and with it the wrong ones for this name from this address. */
  succeeded(): Promise<void> | undefined;
  /** Nobody has looked at the password: it is taken back. */
  withdrawn(): Promise<void> | undefined;
}

/** Where nothing is limited, and of what is no guess. */
export const UNCOUNTED: Attempt = { succeeded: () => undefined, withdrawn: () => undefined };
