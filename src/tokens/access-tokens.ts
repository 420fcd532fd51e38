import { IssuingNotAllowedError, JsonWebTokenError, TokenDecodeError } from "../errors.js";
import { isRecord } from "../is-record.js";
import { HandlerError } from "../settings/handler-error.js";
import type { HandlerContext, JwtPayload } from "../settings/handlers.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { checkClaims, hasNumericDates } from "./claims.js";
import { MAX_TOKEN_LENGTH, parseCompact } from "./compact.js";
import type { KeyRing } from "./key-ring.js";
import { keysFor, type KeyStore } from "./key-store.js";
import { openKeyStore } from "./open-key-store.js";
import { isSignedByAny, Signer } from "./signature.js";
import { parseStrictObject } from "./strict-json.js";
import type { TokenKey } from "./token-key.js";
import { VerifiedTokens } from "./verified-tokens.js";

/** `typ` of an access token in the hardened profile (RFC 9068, section 2.1): no other kind of token passes for one. */
const ACCESS_TOKEN_TYPE = "at+jwt";

/** Writes and verifies access tokens: JSON Web Tokens in JWS Compact Serialization. */
export class AccessTokens {
  private readonly verified = new VerifiedTokens();
  /** Of the key that signed last. */
  private signer: Signer | undefined;

  private constructor(
    private readonly settings: JwtSettings,
    private readonly keys: KeyStore,
  ) {}

  /** @param keys by default those that the settings name */
  static async create(settings: JwtSettings, keys?: KeyStore): Promise<AccessTokens> {
    return new AccessTokens(settings, keys ?? (await openKeyStore(settings)));
  }

  /** Whether this process can sign. One that has only a public key verifies. */
  get canSign(): boolean {
    return this.settings.encodeHandler !== undefined || this.keys.canSign;
  }

  /**
   * Signs a payload: at once, unless a key has to be read, the algorithm takes long, or `encodeHandler` does it.
   *
   * @throws HandlerError if `encodeHandler` throws or answers no string
   * @throws IssuingNotAllowedError if this process cannot sign
   * @throws Error if this process would refuse the token again: it is too long, or a text in it is no Unicode
   */
  sign(payload: JwtPayload, context: HandlerContext): string | Promise<string> {
    const { encodeHandler } = this.settings;
    const token: unknown = encodeHandler
      ? HandlerError.wrap("encodeHandler", () => encodeHandler(payload, context))
      : this.signOurs(payload, context.now);
    return token instanceof Promise ? token.then(assertUsable) : assertUsable(token);
  }

  /**
   * Verifies a token: its form, then the signature, then its type, then the claims.
   *
   * @throws TokenExpiredError, TokenDecodeError, JsonWebTokenError as the client is to be told
   * @throws ServiceUnavailableError if the keys of another process cannot be had
   * @throws HandlerError if `decodeHandler` answers no payload
   */
  async verify(token: string, context: HandlerContext): Promise<JwtPayload> {
    const { decodeHandler } = this.settings;
    if (!decodeHandler) return this.verifyOurs(token, context.now);
    if (token.length > MAX_TOKEN_LENGTH) throw new TokenDecodeError();
    const payload: unknown = await HandlerError.wrap("decodeHandler", () => decodeHandler(token, context));
    if (!isRecord(payload)) throw new HandlerError("decodeHandler", "has to answer a payload");
    if (!hasNumericDates(payload)) throw new TokenDecodeError();
    return payload;
  }

  /**
   * The payload of a token that has been verified before, by the same rules and without waiting; undefined where it has to
   * be verified.
   *
   * @throws TokenExpiredError, TokenDecodeError, JsonWebTokenError as `verify`
   */
  recall(token: string, { now }: HandlerContext): JwtPayload | undefined {
    if (!this.verified.has(token)) return undefined;
    const ring = this.keys.ringNow(now);
    const payload = ring && this.verified.payloadOf(token, ring);
    if (payload) checkClaims(payload, this.settings, now);
    return payload;
  }

  private signOurs(payload: JwtPayload, now: Date): string | Promise<string> {
    if (!this.keys.canSign) throw new IssuingNotAllowedError();
    const ring = this.keys.ringNow(now);
    return ring ? this.signWith(ring, payload) : this.keys.ringAt(now).then((read) => this.signWith(read, payload));
  }

  private signWith({ signing: key }: KeyRing, payload: JwtPayload): string | Promise<string> {
    if (!key?.signing) throw new IssuingNotAllowedError();
    const text = JSON.stringify(payload);
    // JSON escapes half of a surrogate pair (ECMA-262, QuoteJSONString), and writes everything else so that it can be read.
    if (text.includes("\\u") && parseStrictObject(text) === null)
      throw new Error("The payload has a text with half of a surrogate pair in it.");
    return this.signerOf(key).sign(text);
  }

  private signerOf(key: TokenKey): Signer {
    if (this.signer?.key === key) return this.signer;
    const { algorithm, profile } = this.settings;
    const typ = profile === "hardened" ? ACCESS_TOKEN_TYPE : "JWT";
    return (this.signer = new Signer(key, { alg: algorithm, typ, kid: key.kid }));
  }

  private async verifyOurs(token: string, now: Date): Promise<JwtPayload> {
    const { verified, keys, settings } = this;
    const known = verified.has(token) ? verified.payloadOf(token, await keys.ringAt(now)) : undefined;
    if (known) {
      checkClaims(known, settings, now);
      return known;
    }
    const { payload, ring } = await this.verifyAnew(token, now);
    checkClaims(payload, settings, now);
    if (ring) verified.add(token, payload, ring);
    return payload;
  }

  /** @returns the keys that verified it, undefined where signatures are not looked at */
  private async verifyAnew(token: string, now: Date): Promise<{ payload: JwtPayload; ring: KeyRing | undefined }> {
    const { algorithm, verify, profile } = this.settings;
    const { header, payload } = parseCompact(token, algorithm);
    const found = verify ? await keysFor(this.keys, header["kid"], now) : undefined;
    if (found && !(await isSignedByAny(token, found.keys, algorithm))) throw new TokenDecodeError();
    if (profile === "hardened" && header["typ"] !== ACCESS_TOKEN_TYPE) throw new JsonWebTokenError();
    return { payload, ring: found?.ring };
  }
}

/** @throws HandlerError for what is no token, Error for one that would be refused */
function assertUsable(token: unknown): string {
  if (typeof token !== "string" || token === "") throw new HandlerError("encodeHandler", "has to answer a token");
  if (token.length > MAX_TOKEN_LENGTH) throw tooLong(token.length);
  return token;
}

function tooLong(length: number): Error {
  return new Error(
    `The token has ${length} characters, more than the ${MAX_TOKEN_LENGTH} that are accepted: its payload is too large.`,
  );
}
