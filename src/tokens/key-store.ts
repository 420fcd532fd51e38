import { TokenDecodeError } from "../errors.js";
import { isKid } from "../settings/jwk.js";
import { KeyRing } from "./key-ring.js";
import type { TokenKey } from "./token-key.js";

/** Where the keys are. They may change while the process runs: who keeps what a key has shown asks for the ring again. */
export interface KeyStore {
  /** What the operator should know of them, in words. */
  readonly warnings: readonly string[];
  /** Whether this process can sign. */
  readonly canSign: boolean;

  /**
   * The keys that are good now. As long as it is the same ring, nothing has changed.
   *
   * @throws ServiceUnavailableError if there have never been any, or not for too long
   */
  ringAt(now: Date): Promise<KeyRing>;

  /** The same without waiting; undefined where they have to be read first, or cannot be had. */
  ringNow(now: Date): KeyRing | undefined;

  /**
   * The same for a token whose key is not known here: it may be a new one, so they are looked for again, unless that was
   * done a moment ago.
   *
   * @throws ServiceUnavailableError
   */
  renewedRingAt(now: Date): Promise<KeyRing>;
}

/** The keys of the settings: they stay as they are. */
export class FixedKeys implements KeyStore {
  readonly warnings = [];
  private readonly ring: KeyRing;

  constructor(keys: readonly TokenKey[]) {
    this.ring = new KeyRing(keys, 0, 1);
  }

  get canSign(): boolean {
    return this.ring.signing !== undefined;
  }

  async ringAt(): Promise<KeyRing> {
    return this.ring;
  }

  ringNow(): KeyRing {
    return this.ring;
  }

  async renewedRingAt(): Promise<KeyRing> {
    return this.ring;
  }
}

/**
 * What a token is to be verified with, by the `kid` in its header. That was written by whoever sent the token: it is
 * compared with the names of keys, and used for nothing else.
 *
 * @throws TokenDecodeError if it names no key of ours (RFC 8725, section 3.10)
 * @throws ServiceUnavailableError
 */
export async function keysFor(store: KeyStore, kid: unknown, now: Date): Promise<RingKeys> {
  if (kid !== undefined && !isKid(kid)) throw new TokenDecodeError();
  const known = keysOf(await store.ringAt(now), kid);
  if (known.keys.length > 0) return known;
  const renewed = keysOf(await store.renewedRingAt(now), kid);
  if (renewed.keys.length === 0) throw new TokenDecodeError();
  return renewed;
}

/** Keys, and the ring that they are of. */
export interface RingKeys {
  readonly ring: KeyRing;
  readonly keys: readonly TokenKey[];
}

function keysOf(ring: KeyRing, kid: string | undefined): RingKeys {
  return { ring, keys: ring.verifying(kid) };
}
