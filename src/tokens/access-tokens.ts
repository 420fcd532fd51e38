import { IssuingNotAllowedError, JsonWebTokenError, TokenDecodeError } from "../errors.js";
import { HandlerError, isRecord } from "../settings/handler-error.js";
import type { HandlerContext, JwtPayload } from "../settings/handlers.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { checkClaims, hasNumericDates } from "./claims.js";
import { MAX_TOKEN_LENGTH, parseCompact } from "./compact.js";
import { importKeys, type TokenKeys } from "./keys.js";
import { isSignedByAny, signCompact } from "./signature.js";
import { VerifiedTokens } from "./verified-tokens.js";

/** `typ` of an access token in the hardened profile (RFC 9068, section 2.1): no other kind of token passes for one. */
const ACCESS_TOKEN_TYPE = "at+jwt";

/** Writes and verifies access tokens: JSON Web Tokens in JWS Compact Serialization. */
export class AccessTokens {
  private readonly verified = new VerifiedTokens();

  private constructor(
    private readonly settings: JwtSettings,
    private readonly keys: TokenKeys,
  ) {}

  static async create(settings: JwtSettings): Promise<AccessTokens> {
    return new AccessTokens(settings, await importKeys(settings));
  }

  /** Whether this process can sign. One that has only a public key verifies. */
  get canSign(): boolean {
    return this.settings.encodeHandler !== undefined || this.keys.signing !== undefined;
  }

  /**
   * Signs a payload.
   *
   * @throws HandlerError if `encodeHandler` throws or answers no string
   * @throws IssuingNotAllowedError if this process cannot sign
   * @throws Error if this process would refuse the token again because it is too long
   */
  async sign(payload: JwtPayload, context: HandlerContext): Promise<string> {
    const { encodeHandler } = this.settings;
    const token: unknown = encodeHandler
      ? await HandlerError.wrap("encodeHandler", () => encodeHandler(payload, context))
      : await this.signOurs(payload);
    if (typeof token !== "string" || token === "") throw new HandlerError("encodeHandler", "has to answer a token");
    if (token.length > MAX_TOKEN_LENGTH) throw tooLong(token.length);
    return token;
  }

  /**
   * Verifies a token: its form, then the signature, then its type, then the claims.
   *
   * @throws TokenExpiredError, TokenDecodeError, JsonWebTokenError as the client is to be told
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

  private async signOurs(payload: JwtPayload): Promise<string> {
    if (!this.keys.signing) throw new IssuingNotAllowedError();
    const typ = this.settings.profile === "hardened" ? ACCESS_TOKEN_TYPE : "JWT";
    return signCompact(JSON.stringify(payload), { alg: this.settings.algorithm, typ }, this.keys.signing);
  }

  private async verifyOurs(token: string, now: Date): Promise<JwtPayload> {
    const { settings, keys } = this;
    const known = this.verified.payloadOf(token, keys);
    const payload = known ?? (await this.verifyAnew(token));
    checkClaims(payload, settings, now);
    if (!known && settings.verify) this.verified.add(token, payload, keys);
    return payload;
  }

  private async verifyAnew(token: string): Promise<JwtPayload> {
    const { algorithm, verify, profile } = this.settings;
    const { header, payload } = parseCompact(token, algorithm);
    if (verify && !(await isSignedByAny(token, this.keys.verification, algorithm))) throw new TokenDecodeError();
    if (profile === "hardened" && header["typ"] !== ACCESS_TOKEN_TYPE) throw new JsonWebTokenError();
    return payload;
  }
}

function tooLong(length: number): Error {
  return new Error(
    `The token has ${length} characters, more than the ${MAX_TOKEN_LENGTH} that are accepted: its payload is too large.`,
  );
}
