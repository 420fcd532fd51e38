import type { Jwk } from "../settings/jwk-set.js";

/** How long the next key is published before it signs, seconds, if nothing else is said: whoever caches keys has it then. */
export const DEFAULT_LEAD = 3_600;

/**
 * Seconds that an old key verifies beyond the end of the last token that it can have signed: the clocks of two servers,
 * and the moments at which they read the file, may differ by so much.
 */
export const CLOCK_MARGIN = 60;

/** What a rotation is to do. All times are seconds, moments Unix seconds. */
export interface RotationPlan {
  readonly now: number;
  /** From now until the next key signs. */
  readonly lead: number;
  /** For how long the tokens of a key go on after it has signed the last; undefined where they have no end. */
  readonly tokenLifetime: number | undefined;
}

/** What has become of the keys of a set. */
export interface Rotation {
  /** All that the set now has, the next one last. */
  readonly keys: readonly Jwk[];
  /** The one that was published; undefined where one was waiting already. */
  readonly added: Jwk | undefined;
  /** Those that were taken out, because nothing that they signed is good any more. */
  readonly dropped: readonly Jwk[];
}

/**
 * The next step of a key set: publishes `next`, which signs after the lead, and says how long the others verify. While a
 * key is waiting to sign, nothing is added: doing it twice is doing it once.
 */
export function rotate(keys: readonly Jwk[], next: Jwk, plan: RotationPlan): Rotation {
  const { now, lead, tokenLifetime } = plan;
  const dropped = keys.filter(({ verifies_until: until = Infinity }) => until <= now);
  const kept = keys.filter((key) => !dropped.includes(key));
  if (kept.some(({ signs_from: from = 0 }) => from > now)) return { keys: kept, added: undefined, dropped };

  const signsFrom = now + (kept.length === 0 ? 0 : lead);
  const until = tokenLifetime === undefined ? undefined : signsFrom + tokenLifetime + CLOCK_MARGIN;
  const ending = kept.map((key) =>
    until === undefined ? key : { ...key, verifies_until: key.verifies_until ?? until },
  );
  const added = { ...next, signs_from: signsFrom };
  return { keys: [...ending, added], added, dropped };
}
