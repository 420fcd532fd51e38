import { ownText } from "../own-text.js";
import type { JwtPayload } from "../settings/handlers.js";

/** Most tokens that are remembered. */
export const MAX_VERIFIED_TOKENS = 10_000;

/** Most characters of all tokens that are remembered: with their payloads about five times as many bytes. */
export const MAX_VERIFIED_CHARACTERS = 4 * 1024 * 1024;

interface Verified {
  readonly payload: JwtPayload;
  /** Whether no value of the payload is an object. */
  readonly flat: boolean;
}

export interface VerifiedTokenLimits {
  readonly tokens: number;
  readonly characters: number;
}

const LIMITS: VerifiedTokenLimits = { tokens: MAX_VERIFIED_TOKENS, characters: MAX_VERIFIED_CHARACTERS };

/**
 * Remembers which tokens have a good signature, by the whole token. It says no more than that: times and every other
 * claim are checked at each use, and user and session are looked up, as for a token that is new.
 *
 * What was verified with one set of keys is not believed under another. A token without a good signature is never
 * remembered, so a stranger can push nothing out; whoever has thousands of tokens of his own can, and the others are
 * verified again.
 */
export class VerifiedTokens {
  private readonly known = new Map<string, Verified>();
  private keys: object | undefined;
  private characters = 0;

  constructor(private readonly limits: VerifiedTokenLimits = LIMITS) {}

  /** How much is remembered. */
  get size(): VerifiedTokenLimits {
    return { tokens: this.known.size, characters: this.characters };
  }

  /** Whether a token was verified before, with whatever keys. */
  has(token: string): boolean {
    return this.known.has(token);
  }

  /**
   * The payload of a token that was verified with these keys. A copy: a handler that changes what it is given must not
   * change the next answer.
   */
  payloadOf(token: string, keys: object): JwtPayload | undefined {
    if (this.keys !== keys) return undefined;
    const verified = this.known.get(token);
    return verified && copyOf(verified);
  }

  /**
   * @param token whose signature and type are good
   * @param keys those that are good now; one object as long as they stay the same
   */
  add(token: string, payload: JwtPayload, keys: object): void {
    if (this.keys !== keys) this.beginAnew(keys);
    if (this.known.has(token)) return;
    const flat = Object.values(payload).every((value) => typeof value !== "object" || value === null);
    this.known.set(ownText(token), { payload: copyOf({ payload, flat }), flat });
    this.characters += token.length;
    this.forgetOldest();
  }

  private beginAnew(keys: object): void {
    this.keys = keys;
    this.known.clear();
    this.characters = 0;
  }

  /** A Map keeps the order of insertion, and of tokens the oldest expire first. */
  private forgetOldest(): void {
    for (const oldest of this.known.keys()) {
      if (this.known.size <= this.limits.tokens && this.characters <= this.limits.characters) return;
      this.known.delete(oldest);
      this.characters -= oldest.length;
    }
  }
}

function copyOf({ payload, flat }: Verified): JwtPayload {
  return flat ? { ...payload } : structuredClone(payload);
}
