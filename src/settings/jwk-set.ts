import type { KeyObject } from "node:crypto";

import { isRecord } from "../is-record.js";
import { ALGORITHMS, type Algorithm } from "./algorithms.js";
import { InvalidValue } from "./invalid-value.js";
import { hasPrivatePart, type JsonWebKey, objection, statedKid } from "./jwk.js";
import { misfit, tooWeak } from "./key-fit.js";
import { parsePrivateKey, parsePublicKey, parseSecretKey } from "./keys.js";

/** Longest text of a JWK Set, characters, and most keys in one. */
export const MAX_JWK_SET_LENGTH = 262_144;
const MAX_KEYS = 100;

/** A key of a JWK Set, as it stands there. */
export type Jwk = JsonWebKey & {
  /** Member of ours: signs from this time until another key does, Unix seconds. Missing: from the beginning. */
  signs_from?: number;
  /** Member of ours: verifies until this time, Unix seconds. Missing: for ever. */
  verifies_until?: number;
};

/** A key that has been read, and is fit for the algorithm. */
export interface SetKey {
  readonly jwk: Jwk;
  /** Private or secret; public for one that only verifies. */
  readonly key: KeyObject;
  /** Undefined where the JWK has none. */
  readonly kid: string | undefined;
}

/**
 * Reads the keys of our own, private or secret: each has to be fit.
 *
 * @throws InvalidValue that names what is wrong, and nothing of any key but its kid
 */
export function parseKeySet(text: string, algorithm: Algorithm): SetKey[] {
  return checked(
    jwksOf(text).map((jwk) => {
      checkTimes(jwk);
      return fit(jwk, algorithm);
    }),
    algorithm,
  );
}

/**
 * Reads the public keys that another process has published. Keys for other purposes are passed over (RFC 7517, section
 * 5); a private part of whatever key, or a weak key for ours, is a reason to trust none.
 *
 * @throws InvalidValue as `parseKeySet`
 */
export function parsePublicKeySet(text: string, algorithm: Algorithm): SetKey[] {
  const jwks = jwksOf(text);
  for (const jwk of jwks) {
    if (hasPrivatePart(jwk)) throw new InvalidValue(`${nameOf(jwk)} has a private part, which must never be published`);
  }
  const ours = jwks.flatMap((jwk) => {
    const key = readable(jwk);
    return key && !misfit(algorithm, key) && !objection(algorithm, key) ? [fit(jwk, algorithm)] : [];
  });
  return checked(ours, algorithm);
}

function jwksOf(text: string): Jwk[] {
  const keys = text.length <= MAX_JWK_SET_LENGTH ? keysOf(text) : undefined;
  if (!Array.isArray(keys) || keys.length > MAX_KEYS || !keys.every(isRecord)) {
    throw new InvalidValue(`must be a JWK Set, {"keys": […]}, with at most ${MAX_KEYS} keys`);
  }
  return keys;
}

/** What the parser of JSON says has a piece of the text in it, which may be one of a key: it goes no further. */
function keysOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value["keys"] : undefined;
  } catch {
    return undefined;
  }
}

function checkTimes(jwk: Jwk): void {
  for (const member of ["signs_from", "verifies_until"] as const) {
    const time = jwk[member];
    if (time === undefined || (Number.isSafeInteger(time) && time >= 0)) continue;
    throw new InvalidValue(`${nameOf(jwk)} has a ${member} that is no time in whole Unix seconds`);
  }
}

function fit(jwk: Jwk, algorithm: Algorithm): SetKey {
  const key = read(jwk, algorithm);
  const problem = misfit(algorithm, key) ?? objection(algorithm, key) ?? tooWeak(algorithm, key);
  if (problem !== undefined) throw new InvalidValue(`${nameOf(jwk)} ${problem}`);
  return { jwk, key, kid: statedKid(key) };
}

function read(jwk: Jwk, algorithm: Algorithm): KeyObject {
  try {
    if (ALGORITHMS[algorithm].type === "secret") return parseSecretKey(jwk);
    return hasPrivatePart(jwk) ? parsePrivateKey(jwk) : parsePublicKey(jwk);
  } catch (error) {
    throw error instanceof InvalidValue ? new InvalidValue(`${nameOf(jwk)} ${error.message}`) : error;
  }
}

function readable(jwk: Jwk): KeyObject | undefined {
  try {
    return parsePublicKey(jwk);
  } catch (error) {
    if (error instanceof InvalidValue) return undefined;
    throw error;
  }
}

/** Two keys with one name would make it a matter of luck which of them a token is verified with. */
function checked(keys: SetKey[], algorithm: Algorithm): SetKey[] {
  if (keys.length === 0) throw new InvalidValue(`has no key for ${algorithm}`);
  const kids = keys.flatMap(({ kid }) => kid ?? []);
  const twice = kids.find((kid, index) => kids.indexOf(kid) < index);
  if (twice !== undefined) throw new InvalidValue(`has two keys with the kid ${JSON.stringify(twice)}`);
  return keys;
}

function nameOf({ kid }: Jwk): string {
  return typeof kid === "string" ? `has the key ${JSON.stringify(kid.slice(0, 64))} that` : "has a key that";
}
