import type { TokenKey } from "./token-key.js";

/** The keys that are good at a moment. It never changes: when other keys are good, there is another ring. */
export class KeyRing {
  /** Those that verify, those that do not sign yet among them. */
  readonly keys: readonly TokenKey[];
  /** The one that signs; undefined where none can. */
  readonly signing: TokenKey | undefined;
  private readonly byKid: ReadonlyMap<string, readonly TokenKey[]>;
  private readonly from: number;
  private readonly until: number;

  /**
   * @param keys all that are known
   * @param seconds the moment, Unix seconds
   * @param version another number for each ring of a store: what was verified under one is not to be believed under another
   */
  constructor(
    keys: readonly TokenKey[],
    seconds: number,
    readonly version: number,
  ) {
    this.keys = keys.filter(({ verifiesUntil }) => seconds < verifiesUntil);
    this.signing = signingAt(this.keys, seconds);
    this.byKid = new Map(this.keys.map((key) => [key.kid, [key]]));
    const changes = keys.flatMap(({ signsFrom, verifiesUntil }) => [signsFrom, verifiesUntil]);
    this.from = Math.max(-Infinity, ...changes.filter((time) => time <= seconds));
    this.until = Math.min(Infinity, ...changes.filter((time) => time > seconds));
  }

  /** Whether these are the good keys at this moment, Unix seconds, too. */
  isOf(seconds: number): boolean {
    return this.from <= seconds && seconds < this.until;
  }

  /**
   * What a token with this `kid` is to be verified with: the one key of that name, or none. Without a `kid`, as tokens of
   * Django have none, every key.
   */
  verifying(kid: string | undefined): readonly TokenKey[] {
    return kid === undefined ? this.keys : (this.byKid.get(kid) ?? []);
  }
}

/** The one that began last. Where no one has begun yet, as on a clock that is behind, the first one begins early. */
function signingAt(keys: readonly TokenKey[], seconds: number): TokenKey | undefined {
  const able = keys.filter(({ signing }) => signing !== undefined).toSorted((a, b) => a.signsFrom - b.signsFrom);
  return able.findLast(({ signsFrom }) => signsFrom <= seconds) ?? able[0];
}
