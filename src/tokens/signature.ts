import { createHmac, type KeyObject, timingSafeEqual } from "node:crypto";
import type { CompactJWSHeaderParameters } from "jose";
import * as errors from "jose/errors";
import { CompactSign } from "jose/jws/compact/sign";
import { compactVerify } from "jose/jws/compact/verify";
import type { TokenKey } from "./token-key.js";

/*
 * An HMAC is computed here and now: it takes a few microseconds, and the way through WebCrypto's threads and back, which
 * jose goes for every algorithm, five times as long. Whatever takes long by itself is jose's.
 */

/** Hashes of the HMAC algorithms (RFC 7518, section 3.2). */
const HMAC_HASHES: Readonly<Record<string, string>> = { HS256: "sha256", HS384: "sha384", HS512: "sha512" };

/**
 * Whether one of these keys signed the token.
 *
 * @param token of the form that `parseCompact` takes, whose header names `algorithm`
 */
export async function isSignedByAny(token: string, keys: readonly TokenKey[], algorithm: string): Promise<boolean> {
  const hash = HMAC_HASHES[algorithm];
  for (const key of keys) {
    if (hash === undefined ? await isVerifiedByJose(token, key, algorithm) : isHmacOf(token, key.source, hash))
      return true;
  }
  return false;
}

/** Signs payloads with one key: JWS Compact Serialization (RFC 7515, section 7.1). */
export class Signer {
  /** The same for each token, and so encoded once. */
  private readonly encodedHeader: string;

  /** @param key one that signs */
  constructor(
    readonly key: TokenKey,
    private readonly header: CompactJWSHeaderParameters,
  ) {
    this.encodedHeader = base64url(JSON.stringify(header));
  }

  /** The token: what an HMAC signs is there at once. */
  sign(payload: string): string | Promise<string> {
    const { source, signing } = this.key;
    const hash = HMAC_HASHES[this.header.alg];
    if (hash !== undefined) {
      const input = `${this.encodedHeader}.${base64url(payload)}`;
      return `${input}.${hmac(input, source, hash).digest("base64url")}`;
    }
    if (!signing) throw new TypeError("The key does not sign.");
    return new CompactSign(new TextEncoder().encode(payload)).setProtectedHeader(this.header).sign(signing);
  }
}

function isHmacOf(token: string, secret: KeyObject, hash: string): boolean {
  const end = token.lastIndexOf(".");
  const expected = hmac(token.slice(0, end), secret, hash).digest();
  const given = Buffer.from(token.slice(end + 1), "base64url");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function hmac(input: string, secret: KeyObject, hash: string): ReturnType<typeof createHmac> {
  return createHmac(hash, secret).update(input);
}

async function isVerifiedByJose(token: string, { verifying }: TokenKey, algorithm: string): Promise<boolean> {
  try {
    await compactVerify(token, verifying, { algorithms: [algorithm] });
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}

function base64url(text: string): string {
  return Buffer.from(text).toString("base64url");
}
