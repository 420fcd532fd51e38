/** How long operations may take, milliseconds. */
export interface TimeLimits {
  readonly login: number;
  readonly operation: number;
}

/** Passwords are hashed, and have to wait for others: a login is given more time. */
export function timeLimits(operation = 5_000): TimeLimits {
  return { login: 6 * operation, operation };
}
