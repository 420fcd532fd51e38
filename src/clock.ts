/**
 * Where the time comes from. Everything in Janus that depends on time takes a clock as an argument, so that a test can set it.
 */
export interface Clock {
  /** The current time. */
  now(): Date;
}

/** The clock of this process, in UTC. */
export const systemClock: Clock = { now: () => new Date() };

/** A time as JSON Web Tokens write it: whole seconds since 1970-01-01T00:00:00Z (RFC 7519, section 2, NumericDate). */
export function numericDate(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
