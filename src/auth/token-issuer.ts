import { randomUUID } from "node:crypto";
import type { AuthUser } from "../auth-user.js";
import { numericDate } from "../clock.js";
import { IssuingNotAllowedError } from "../errors.js";
import { isRecord } from "../is-record.js";
import { HandlerError } from "../settings/handler-error.js";
import type { JwtPayload, PayloadContext } from "../settings/handlers.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import type { AccessTokens } from "../tokens/access-tokens.js";
import { hasNumericDates } from "../tokens/claims.js";
import type { Call } from "./call.js";
import type { Users } from "./users.js";

/** An access token with the payload that it carries. */
export interface IssuedToken {
  readonly token: string;
  readonly payload: JwtPayload;
}

/** What a new access token takes over from what it is issued for. */
export interface Provenance {
  /** The session it belongs to. */
  readonly sessionId?: string;
  /** `origIat` of the token that it replaces, Unix seconds. */
  readonly origIat?: number;
}

/** Issues access tokens for users. */
export class TokenIssuer<TUser extends AuthUser> {
  constructor(
    private readonly users: Users<TUser>,
    private readonly tokens: AccessTokens,
  ) {}

  /**
   * For whoever is about to change something before a token is issued: a refresh token would be spent, a session opened
   * or a password set, and the client told that it failed.
   *
   * @throws IssuingNotAllowedError in a process that only verifies
   */
  assertCanIssue(): void {
    if (!this.tokens.canSign) throw new IssuingNotAllowedError();
  }

  /**
   * Issues a token: at once, unless `payloadHandler` makes the payload or signing takes long.
   *
   * @throws what `AccessTokens.sign` throws, HandlerError if `payloadHandler` throws or answers no payload
   */
  issue(user: TUser, call: Call, provenance: Provenance = {}): IssuedToken | Promise<IssuedToken> {
    const { settings, now, request } = call;
    const context = { settings, now, request, sessionId: provenance.sessionId };
    const { payloadHandler } = settings;
    if (!payloadHandler) return this.signed(this.defaultPayload(user, context), call, provenance);
    return handledPayload(payloadHandler, user, context).then((payload) => this.signed(payload, call, provenance));
  }

  private signed(payload: JwtPayload, call: Call, { origIat }: Provenance): IssuedToken | Promise<IssuedToken> {
    if (origIat !== undefined) payload.origIat = origIat;
    const signed = this.tokens.sign(payload, call);
    return typeof signed === "string" ? { token: signed, payload } : signed.then((token) => ({ token, payload }));
  }

  private defaultPayload(user: TUser, { settings, now, sessionId }: PayloadContext): JwtPayload {
    const hardened = settings.profile === "hardened";
    const issuedAt = numericDate(now);
    const payload: JwtPayload = {
      [settings.usernameField]: this.users.naturalKey(user),
      exp: issuedAt + settings.expirationDelta,
    };
    if (settings.allowRefresh) payload.origIat = issuedAt;
    if (settings.audience !== undefined) payload.aud = settings.audience;
    if (settings.issuer !== undefined) payload.iss = settings.issuer;
    if (hardened) payload.jti = randomUUID();
    // Without the session's id in it, a token could not die with its session.
    if (sessionId !== undefined && (hardened || settings.verifySession)) payload.sid = sessionId;
    return payload;
  }
}

async function handledPayload(handler: PayloadHandler, user: AuthUser, context: PayloadContext): Promise<JwtPayload> {
  const payload = asJson(await HandlerError.wrap("payloadHandler", () => handler(user, context)));
  if (!isRecord(payload)) throw new HandlerError("payloadHandler", "has to answer a payload");
  if (hasNumericDates(payload)) return payload;
  throw new HandlerError("payloadHandler", "has to answer a payload with all times in Unix seconds");
}

type PayloadHandler = NonNullable<JwtSettings["payloadHandler"]>;

/** A copy of a payload as it travels, or undefined for one that JSON cannot hold. */
function asJson(payload: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(payload));
  } catch {
    return undefined;
  }
}
