import type { AuthUser } from "../auth-user.js";
import type { RequestInfo } from "../request-info.js";
import type { JwtPayload } from "../settings/handlers.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import type { IssuedToken } from "./token-issuer.js";

/** What `refreshToken` answers. */
export interface RefreshedToken extends IssuedToken {
  /** Until when a refresh is possible: Unix seconds, an absolute time as in django-graphql-jwt. */
  readonly refreshExpiresIn: number;
  /** From when that time counts: Unix seconds. */
  readonly refreshIssuedAt: number;
  /** Only with long-running refresh tokens. */
  readonly refreshToken?: string;
}

/** What `tokenAuth` answers. */
export interface ObtainedToken<TUser extends AuthUser> extends RefreshedToken {
  readonly user: TUser;
}

/** Who a token speaks for. */
export interface Identity<TUser extends AuthUser> {
  /** Null for a token whose user does not exist: the request is anonymous then. */
  readonly user: TUser | null;
  readonly payload: JwtPayload;
}

/** What both faces call: the auth service without the type of its users. Every error thrown on purpose is an `AuthError`. */
export interface AuthOperations {
  readonly settings: JwtSettings;

  /**
   * Logs a user in.
   *
   * @throws InvalidCredentialsError for a wrong password, an unknown and an inactive user alike, after the same time; for a
   *   user whose password is changed meanwhile, too
   * @throws TooManyRequestsError after too many wrong ones, for the right one too
   * @throws IssuingNotAllowedError in a process that only verifies
   */
  tokenAuth(
    credentials: { username: string; password: string },
    request?: RequestInfo,
  ): Promise<ObtainedToken<AuthUser>>;

  /**
   * The payload of a valid access token. With `verifySession` also its session and user are looked at, as `identify` does.
   *
   * @throws TokenRequiredError, TokenDecodeError, TokenExpiredError, JsonWebTokenError
   */
  verifyToken(given: { token?: string | null | undefined }, request?: RequestInfo): Promise<{ payload: JwtPayload }>;

  /**
   * Exchanges a refresh token (long-running mode) or a still valid access token (single-token mode) for a new access token.
   *
   * @param wanted `successor: false` when the client will not receive a new refresh token: then none is made
   * @throws TokenRequiredError, InvalidRefreshTokenError, RefreshExpiredError, RefreshNotAllowedError, UserDisabledError,
   *   IssuingNotAllowedError, and in single-token mode what `verifyToken` throws
   */
  refreshToken(
    given: { token?: string | null | undefined; refreshToken?: string | null | undefined },
    request?: RequestInfo,
    wanted?: { successor: boolean },
  ): Promise<RefreshedToken>;

  /**
   * Ends the session of a refresh token.
   *
   * @returns when, in Unix seconds
   * @throws TokenRequiredError, InvalidRefreshTokenError
   */
  revokeToken(given: { refreshToken?: string | null | undefined }, request?: RequestInfo): Promise<{ revoked: number }>;

  /**
   * Who an access token speaks for.
   *
   * @throws JsonWebTokenError and its kinds if the token must not be accepted
   */
  identify(token: string, request?: RequestInfo): Promise<Identity<AuthUser>>;
}
