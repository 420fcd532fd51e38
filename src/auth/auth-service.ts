import type { AuthUser } from "../auth-user.js";
import { type Clock, numericDate } from "../clock.js";
import {
  InvalidPayloadError,
  InvalidRefreshTokenError,
  JsonWebTokenError,
  RefreshExpiredError,
  RefreshNotAllowedError,
  TokenRequiredError,
  UserDisabledError,
} from "../errors.js";
import type { RequestInfo } from "../request-info.js";
import type { JwtPayload } from "../settings/handlers.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import type { AccessTokens } from "../tokens/access-tokens.js";
import { type Call, eventContext } from "./call.js";
import type { PasswordCheck } from "./password-check.js";
import type { AuthOperations, Identity, ObtainedToken, RefreshedToken } from "./auth-operations.js";
import type { AuthEvents } from "./events.js";
import type { LongRunning } from "./long-running.js";
import { refreshHasExpired } from "./refresh-expiry.js";
import { refreshFields, singleTokenFields, type TokenGrant } from "./token-grant.js";
import type { TokenIssuer } from "./token-issuer.js";
import { isStale, issuedAt, type Users } from "./users.js";

/** What the auth service is built from. */
export interface AuthServiceParts<TUser extends AuthUser> {
  readonly settings: JwtSettings;
  readonly clock: Clock;
  readonly users: Users<TUser>;
  readonly passwords: PasswordCheck<TUser>;
  readonly tokens: AccessTokens;
  readonly issuer: TokenIssuer<TUser>;
  readonly grant: TokenGrant<TUser>;
  readonly events: AuthEvents;
  /** Undefined in single-token mode. */
  readonly longRunning: LongRunning<TUser> | undefined;
}

/** The auth service: what both faces call, and who a token speaks for. */
export class AuthService<TUser extends AuthUser = AuthUser> implements AuthOperations {
  constructor(private readonly parts: AuthServiceParts<TUser>) {}

  get settings(): JwtSettings {
    return this.parts.settings;
  }

  async tokenAuth(
    credentials: { username: string; password: string },
    request?: RequestInfo,
  ): Promise<ObtainedToken<TUser>> {
    this.parts.issuer.assertCanIssue();
    const call = this.call(request);
    const proven = await this.parts.passwords.login(credentials, call);
    return await this.parts.grant.grant(proven, call);
  }

  async verifyToken(
    { token }: { token?: string | null | undefined },
    request?: RequestInfo,
  ): Promise<{ payload: JwtPayload }> {
    if (token === undefined || token === null) throw new TokenRequiredError("Token is required");
    const call = this.call(request);
    const payload = this.parts.tokens.recall(token, call) ?? (await this.parts.tokens.verify(token, call));
    const { checkedSessions } = this;
    if (checkedSessions) await this.assertSessionLives(checkedSessions, payload);
    return { payload };
  }

  async refreshToken(
    given: { token?: string | null | undefined; refreshToken?: string | null | undefined },
    request?: RequestInfo,
    wanted: { successor: boolean } = { successor: true },
  ): Promise<RefreshedToken> {
    this.parts.issuer.assertCanIssue();
    const call = this.call(request);
    const { longRunning } = this.parts;
    if (!longRunning) return this.refreshSingleToken(given.token, call);

    const refreshToken = required(given.refreshToken);
    const opened = await longRunning.refreshTokens.refresh(refreshToken, call, wanted);
    const { user, session } = opened;
    const issued = this.parts.issuer.issue(user, call, { sessionId: session.id });
    const { token, payload } = issued instanceof Promise ? await issued : issued;
    this.parts.events.emit("tokenRefreshed", { user: session.user, session: session.id }, eventContext(call));
    return { token, payload, ...refreshFields(opened) };
  }

  async revokeToken(
    given: { refreshToken?: string | null | undefined },
    request?: RequestInfo,
  ): Promise<{ revoked: number }> {
    const call = this.call(request);
    const refreshToken = required(given.refreshToken);
    if (!this.parts.longRunning) throw new InvalidRefreshTokenError();
    await this.parts.longRunning.refreshTokens.revoke(refreshToken, call);
    return { revoked: numericDate(call.now) };
  }

  async identify(token: string, request?: RequestInfo): Promise<Identity<TUser>> {
    const { tokens, users } = this.parts;
    const call = this.call(request);
    // Each request comes here, and usually with a token that came before: only what takes time is waited for.
    const payload = tokens.recall(token, call) ?? (await tokens.verify(token, call));
    const named = users.naturalKeyOf(payload);
    const naturalKey = typeof named === "string" ? named : await named;
    const { checkedSessions } = this;
    const user = checkedSessions
      ? await this.userOfLiveSession(checkedSessions, naturalKey, payload)
      : await users.find(naturalKey);
    if (user && !user.isActive) throw new UserDisabledError();
    if (user && isStale(user, issuedAt(payload, this.settings))) throw new JsonWebTokenError();
    return { user: user ?? null, payload };
  }

  private call(request: RequestInfo | undefined): Call {
    return { settings: this.parts.settings, now: this.parts.clock.now(), request };
  }

  private async refreshSingleToken(token: string | null | undefined, call: Call): Promise<RefreshedToken> {
    if (token === undefined || token === null) throw new TokenRequiredError("Token is required");
    const { tokens, users, issuer, events } = this.parts;
    const payload = await tokens.verify(token, call);
    const user = await users.find(await users.naturalKeyOf(payload));
    if (!user) throw new InvalidPayloadError();
    if (!user.isActive) throw new UserDisabledError();
    if (payload.origIat === undefined) throw new InvalidPayloadError("origIat field is required");
    if (!call.settings.allowRefresh) throw new RefreshNotAllowedError();
    const expired = refreshHasExpired(payload.origIat, call);
    if (typeof expired === "boolean" ? expired : await expired) throw new RefreshExpiredError("Refresh has expired");
    if (isStale(user, payload.origIat)) throw new JsonWebTokenError();
    const issued = await issuer.issue(user, call, { origIat: payload.origIat });
    events.emit("tokenRefreshed", { user: users.naturalKey(user), session: undefined }, eventContext(call));
    return { token: issued.token, payload: issued.payload, ...singleTokenFields(issued.payload, call) };
  }

  /** Where sessions are looked up, if access tokens die with theirs. */
  private get checkedSessions(): LongRunning<TUser> | undefined {
    return this.settings.verifySession ? this.parts.longRunning : undefined;
  }

  /** A token that names no session cannot be checked and is refused, and so is one that names somebody else's. */
  private async userOfLiveSession(
    { identities }: LongRunning<TUser>,
    naturalKey: string,
    { sid }: JwtPayload,
  ): Promise<TUser | null> {
    if (typeof sid !== "string") throw new JsonWebTokenError();
    const { user, session } = await identities.find(naturalKey, sid);
    if (!user) return null;
    const isOwn = session?.user === this.parts.users.naturalKey(user);
    if (!isOwn || session.revoked) throw new JsonWebTokenError();
    return user;
  }

  /** With `verifySession` a token is worth what `identify` makes of it: nothing once its session or user is out. */
  private async assertSessionLives(checkedSessions: LongRunning<TUser>, payload: JwtPayload): Promise<void> {
    const naturalKey = await this.parts.users.naturalKeyOf(payload);
    const user = await this.userOfLiveSession(checkedSessions, naturalKey, payload);
    if (!user?.isActive || isStale(user, issuedAt(payload, this.settings))) throw new JsonWebTokenError();
  }
}

function required(refreshToken: string | null | undefined): string {
  if (refreshToken === undefined || refreshToken === null) throw new TokenRequiredError("Refresh token is required");
  return refreshToken;
}
