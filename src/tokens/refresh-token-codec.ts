import { createHmac, hash, hkdfSync, type KeyObject, randomBytes, timingSafeEqual } from "node:crypto";
import { decodeBase64url } from "./base64url.js";

/** What a refresh token of ours says. */
export interface ParsedRefreshToken {
  /** Made once a session, and shared by all its refresh tokens. Secret. */
  readonly random: Buffer;
  /** SHA-256 of `random`, which the row of the session is found by. */
  readonly hash: Buffer;
  /** How many tokens of the session came before this one. */
  readonly generation: number;
}

const MIN_RANDOM_BYTES = 16;
const MAX_RANDOM_BYTES = 1024;
const GENERATION_BYTES = 4;
const MAC_BYTES = 32;
const OVERHEAD_BYTES = GENERATION_BYTES + MAC_BYTES;
/** What the signed `int` of the database holds. */
const MAX_GENERATION = 2 ** 31 - 1;

/** Changes with the format, so that a token of another version is refused and no other key of ours is this one. */
const KEY_INFO = "janus refresh-token mac v1";

/**
 * Writes and reads refresh tokens: `random | generation | MAC` in base64url, where the MAC is an HMAC-SHA-256 (RFC 2104)
 * over what stands before it. A token is computed and never stored, so the same generation of a session is the same
 * token whenever and wherever it is issued.
 */
export class RefreshTokenCodec {
  private readonly currentKey: Buffer;
  private readonly acceptedKeys: readonly Buffer[];

  /**
   * @param secret the application's secret key, from which the key of the MAC is derived (HKDF, RFC 5869)
   * @param fallbacks older secret keys, whose tokens are still accepted
   */
  constructor(secret: KeyObject, fallbacks: readonly KeyObject[]) {
    this.currentKey = deriveKey(secret);
    this.acceptedKeys = [this.currentKey, ...fallbacks.map(deriveKey)];
  }

  /**
   * The random part of a new session.
   *
   * @param bytes how many, 16 to 1024
   */
  generateRandom(bytes: number): Buffer {
    checkRandomLength(bytes);
    return randomBytes(bytes);
  }

  /** What the row of a session is found by: SHA-256 of the random part. */
  hash(random: Buffer): Buffer {
    return fromBinary(hash("sha256", random, BINARY));
  }

  /** The refresh token of this generation of the session. */
  issue(random: Buffer, generation: number): string {
    checkRandomLength(random.length);
    if (!Number.isInteger(generation) || generation < 0 || generation > MAX_GENERATION) {
      throw new RangeError(`The generation of a refresh token must be an integer from 0 to ${MAX_GENERATION}`);
    }
    const bytes = Buffer.allocUnsafe(random.length + OVERHEAD_BYTES);
    const body = bytes.subarray(0, -MAC_BYTES);
    body.set(random);
    body.writeUInt32BE(generation, random.length);
    bytes.write(mac(this.currentKey, body), body.length, BINARY);
    return bytes.toString("base64url");
  }

  /** Reads a refresh token; null for anything that this codec, with one of its keys, did not write. */
  parse(token: string): ParsedRefreshToken | null {
    const bytes = decodeBounded(token);
    if (bytes === null) return null;
    const body = bytes.subarray(0, -MAC_BYTES);
    if (!this.isGenuine(body, bytes.subarray(-MAC_BYTES))) return null;
    const random = body.subarray(0, -GENERATION_BYTES);
    const generation = body.readUInt32BE(random.length);
    return generation > MAX_GENERATION ? null : { random, hash: this.hash(random), generation };
  }

  /** Every key is tried, in constant time each: how long it takes tells neither which one fits nor how nearly. */
  private isGenuine(body: Buffer, given: Buffer): boolean {
    const matches = this.acceptedKeys.map((key) => timingSafeEqual(fromBinary(mac(key, body)), given));
    return matches.includes(true);
  }
}

function deriveKey(secret: KeyObject): Buffer {
  if (secret.type !== "secret") throw new TypeError("Refresh tokens take a secret key, not a public or private one");
  return Buffer.from(hkdfSync("sha256", secret, "", KEY_INFO, MAC_BYTES));
}

/** A character a byte. A digest that is asked for as a buffer has memory of its own, which costs as much as the digest. */
const BINARY = "binary";

function mac(key: Buffer, body: Buffer): string {
  return createHmac("sha256", key).update(body).digest(BINARY);
}

function fromBinary(text: string): Buffer {
  return Buffer.from(text, BINARY);
}

function checkRandomLength(bytes: number): void {
  if (!Number.isInteger(bytes) || bytes < MIN_RANDOM_BYTES || bytes > MAX_RANDOM_BYTES) {
    throw new RangeError(`A refresh token takes ${MIN_RANDOM_BYTES} to ${MAX_RANDOM_BYTES} random bytes`);
  }
}

const MIN_LENGTH = base64urlLength(MIN_RANDOM_BYTES + OVERHEAD_BYTES);
const MAX_LENGTH = base64urlLength(MAX_RANDOM_BYTES + OVERHEAD_BYTES);

/** The length is looked at first: decoding costs what the text is long. */
function decodeBounded(token: string): Buffer | null {
  return token.length < MIN_LENGTH || token.length > MAX_LENGTH ? null : decodeBase64url(token);
}

function base64urlLength(bytes: number): number {
  return Math.ceil((bytes * 4) / 3);
}
