/** How long operations may take, milliseconds. */
export interface TimeLimits {
  /** Passwords are hashed, and may have to wait for others. */
  readonly login: number;
  readonly operation: number;
}

/** A refresh that got no answer is repeated, which has to happen within `refreshGracePeriod`: 10 seconds in `hardened`. */
export const TIME_LIMITS: TimeLimits = { login: 30_000, operation: 5_000 };
