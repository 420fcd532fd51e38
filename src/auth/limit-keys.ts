import { createHmac, hkdfSync, type KeyObject } from "node:crypto";

/** Changes with the format; no other key of ours is this one. */
const KEY_INFO = "janus login-limit key v1";

/** Where a program has no secret at all, its keys are a plain hash. */
const NO_SECRET = Buffer.alloc(0);

/**
 * Turns names and addresses into the keys that their attempts are counted under. They are keyed hashes (HMAC-SHA-256),
 * because what somebody typed for a name may be a password, and all addresses can be tried.
 */
export class LimitKeys {
  private readonly key: Buffer;

  /** @param secret shared by all servers that count together */
  constructor(secret: KeyObject | undefined) {
    this.key = Buffer.from(hkdfSync("sha256", secret ? bytesOf(secret) : NO_SECRET, "", KEY_INFO, 32));
  }

  /** 43 characters of base64url. */
  of(...parts: string[]): string {
    return createHmac("sha256", this.key).update(JSON.stringify(parts)).digest("base64url");
  }
}

function bytesOf(key: KeyObject): Buffer {
  return key.type === "secret" ? key.export() : key.export({ type: "pkcs8", format: "der" });
}
