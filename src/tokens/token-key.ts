import { createPublicKey, hkdfSync, type KeyObject, webcrypto } from "node:crypto";
import type { CryptoKey } from "jose";
import { calculateJwkThumbprint } from "jose/jwk/thumbprint";
import { importJWK } from "jose/key/import";
import type { Algorithm } from "../settings/algorithms.js";
import { InvalidValue } from "../settings/invalid-value.js";
import { statedKid } from "../settings/jwk.js";
import { type PublicJwk, publicJwk } from "./public-jwk.js";

/** A key that tokens are verified with, and perhaps signed, ready for jose. */
export interface TokenKey {
  /** Its name in the header of a token. */
  readonly kid: string;
  readonly verifying: CryptoKey;
  /** Undefined for a key that only verifies. */
  readonly signing: CryptoKey | undefined;
  /** Unix seconds. Of several keys that may sign, the one that began last does. */
  readonly signsFrom: number;
  /** Unix seconds; infinite for one that stays. */
  readonly verifiesUntil: number;
  /** What may be seen by everybody; undefined for a secret. */
  readonly published: PublicJwk | undefined;
  /** The public half, or the secret: to tell whether two keys are the same. */
  readonly source: KeyObject;
}

/** What `tokenKey` makes a key of. */
export interface KeyMaterial {
  /** Private, public or secret. */
  readonly key: KeyObject;
  /** Whether it is to sign, if it can. */
  readonly signs: boolean;
  readonly kid?: string | undefined;
  readonly signsFrom?: number | undefined;
  readonly verifiesUntil?: number | undefined;
}

/** What the names of secrets are derived under: it makes them no key of ours, and tells nothing of one. */
const KID_INFO = "janus key id v1";
const KID_BYTES = 9;

/**
 * Turns a key into `CryptoKey`s, once: jose verifies with one about twice as fast as with a `KeyObject` that it has to
 * convert.
 */
export async function tokenKey(material: KeyMaterial, algorithm: Algorithm): Promise<TokenKey> {
  const { key, signs, signsFrom = 0, verifiesUntil = Infinity } = material;
  const source = key.type === "private" ? createPublicKey(key) : key;
  const kid = material.kid ?? (await kidOf(key));
  const verifying = await importKey(source, algorithm);
  const canSign = signs && key.type !== "public";
  const signing = canSign ? await importKey(key, algorithm) : undefined;
  const published = source.type === "public" ? publicJwk(source, kid, algorithm) : undefined;
  return { kid, verifying, signing, signsFrom, verifiesUntil, published, source };
}

/**
 * The name of a key: that of its JWK, otherwise its thumbprint (RFC 7638). A secret has no thumbprint, for whoever sees
 * one could try guesses against it; its name is derived with HKDF (RFC 5869), and stands in no other place than the
 * header of a token, which is just as good for guessing.
 */
export async function kidOf(key: KeyObject): Promise<string> {
  const stated = statedKid(key);
  if (stated !== undefined) return stated;
  if (key.type === "secret") return Buffer.from(hkdfSync("sha256", key, "", KID_INFO, KID_BYTES)).toString("base64url");
  return calculateJwkThumbprint(key.type === "private" ? createPublicKey(key) : key);
}

/**
 * The keys without those that stand there twice; the first one counts.
 *
 * @throws InvalidValue if two keys have one kid
 */
export function distinct(keys: readonly TokenKey[]): TokenKey[] {
  const byKid = new Map<string, TokenKey>();
  for (const key of keys) {
    const other = byKid.get(key.kid);
    if (other && !other.source.equals(key.source)) {
      throw new InvalidValue(`is one of two keys with the kid ${JSON.stringify(key.kid)}`);
    }
    if (!other) byKid.set(key.kid, key);
  }
  return [...byKid.values()];
}

async function importKey(key: KeyObject, algorithm: Algorithm): Promise<CryptoKey> {
  if (key.type === "secret") {
    const hmac = { name: "HMAC", hash: `SHA-${algorithm.slice(2)}` };
    return webcrypto.subtle.importKey("raw", key.export(), hmac, false, ["sign", "verify"]);
  }
  // An asymmetric JWK always becomes a CryptoKey; only `oct` keys come back as bytes.
  return (await importJWK(key.export({ format: "jwk" }), algorithm, { extractable: false })) as CryptoKey;
}
