import type { JsonWebKeyInput, KeyObject } from "node:crypto";

import type { Algorithm } from "./algorithms.js";

/** A key as a JWK (RFC 7517), as Node reads it. What Node calls this type differs from one version to the next. */
export type JsonWebKey = JsonWebKeyInput["key"] & { kid?: string };

/** Longest `kid`, in characters. Those that we make have at most 43. */
export const MAX_KID_LENGTH = 128;

/** The members that only the owner of a key may see (RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1; RFC 8037, section 2). */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/** What a JWK says of itself beside the key (RFC 7517, section 4). */
export type JwkStatement = Readonly<Record<"kid" | "alg" | "use" | "key_ops", unknown>>;

/** A `KeyObject` has no place for what its JWK said of it. */
const statements = new WeakMap<KeyObject, JwkStatement>();

/** Remembers what the JWK says that a key was read from. */
export function withStatement(key: KeyObject, { kid, alg, use, key_ops }: JsonWebKey): KeyObject {
  statements.set(key, { kid, alg, use, key_ops });
  return key;
}

/** The `kid` that the JWK of a key gives it; undefined for a key without one, or that was no JWK. */
export function statedKid(key: KeyObject): string | undefined {
  const kid = statements.get(key)?.kid;
  return isKid(kid) ? kid : undefined;
}

/** Whether a value can be the name of a key. */
export function isKid(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_KID_LENGTH;
}

/** Whether a JWK has a part that is not to be published. */
export function hasPrivatePart(jwk: object): boolean {
  return PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk, member));
}

/** What the JWK of a key says against its use with the algorithm, to be read after its name; undefined for nothing. */
export function objection(algorithm: Algorithm, key: KeyObject): string | undefined {
  const { kid, alg, use, key_ops: operations } = statements.get(key) ?? {};
  if (kid !== undefined && !isKid(kid)) return `has a kid that is not text of 1 to ${MAX_KID_LENGTH} characters`;
  if (alg !== undefined && alg !== algorithm) return `has an alg other than ${algorithm}`;
  if (use !== undefined && use !== "sig") return "has a use other than sig";
  const operation = key.type === "private" ? "sign" : "verify";
  const isAllowed = operations === undefined || (Array.isArray(operations) && operations.includes(operation));
  return isAllowed ? undefined : `has key_ops without ${operation}`;
}
