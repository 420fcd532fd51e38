import { IsBoolean, IsIn, IsInt, IsNotIn, IsOptional, Matches, Max, Min, MinLength } from "../validation.js";

import type { AuthUser } from "../auth-user.js";
import type { RequestInfo } from "../request-info.js";
import * as allowed from "./allowed.js";
import { IsHandler, IsModel, IsTextOrList } from "./checks.js";
import type { JwtPayload } from "./jwt-payload.js";
import { QuerySettings } from "./query-settings.js";
import { Setting } from "./setting.js";
import { BUILT_IN_RESPONSE_HANDLERS } from "./unauthorized-response.js";
import type { BuiltInResponseHandler, UnauthorizedResponseHandler } from "./unauthorized-response.js";

const PROFILES = ["documented", "hardened"] as const;

/** A named set of defaults. */
export type Profile = (typeof PROFILES)[number];

const CONTRACTS = ["graphql-jwt", "strawberry"] as const;

/** Whose GraphQL mutations the schema has. */
export type MutationContract = (typeof CONTRACTS)[number];

/**
 * The validated settings. The initial values are the documented defaults: `new JwtSettings()` has exactly these;
 * `createSettings` makes those that a program uses. Undefined means the built-in default.
 *
 * Adding a setting is adding a property: the environment variable and the line of the README follow from it.
 */
export class JwtSettings extends QuerySettings {
  @Setting("text", "Defaults: `documented` are django-graphql-jwt's own, `hardened` the safer ones of the next column.")
  @IsIn(PROFILES, allowed.oneOf(PROFILES))
  readonly profile: Profile = "documented";

  @Setting("textOrList", "`aud` written, and required when verifying. One value or a list (`web,mobile`).")
  @IsTextOrList(allowed.textOrList)
  readonly audience: string | readonly string[] | undefined = undefined;

  @Setting("text", "`iss` written, and required when verifying.")
  @IsOptional()
  @MinLength(1, allowed.text)
  readonly issuer: string | undefined = undefined;

  @Setting("seconds", "Clock tolerance for `exp`, `nbf` and `iat`.")
  @Min(0, allowed.duration)
  readonly leeway: number = 0;

  @Setting("handler", "`(payload, context) => token`.", "jose signer")
  @IsHandler(allowed.handler)
  readonly encodeHandler: EncodeHandler | undefined = undefined;

  @Setting("handler", "`(token, context) => payload`.", "jose verifier")
  @IsHandler(allowed.handler)
  readonly decodeHandler: DecodeHandler | undefined = undefined;

  @Setting(
    "handler",
    "`(user, context) => payload`. `origIat` only with `allowRefresh`; hardened adds `jti` and `sid`.",
    "`{ <usernameField>, exp, origIat?, aud?, iss? }`",
  )
  @IsHandler(allowed.handler)
  readonly payloadHandler: PayloadHandler | undefined = undefined;

  @Setting("handler", "`(payload) => username`.", "reads `usernameField`")
  @IsHandler(allowed.handler)
  readonly payloadGetUsernameHandler: PayloadGetUsernameHandler | undefined = undefined;

  @Setting("handler", "`(username) => user or null`.", "asks the user directory")
  @IsHandler(allowed.handler)
  readonly getUserByNaturalKeyHandler: GetUserByNaturalKeyHandler | undefined = undefined;

  @Setting("text", "Claim and property of the user's natural key.")
  @Matches(/^[A-Za-z][A-Za-z0-9_]*$/, allowed.claim)
  @IsNotIn(allowed.OWN_CLAIMS, allowed.claim)
  readonly usernameField: string = "username";

  @Setting("boolean", "Expired tokens are refused; hardened refuses a token without `exp` too.")
  @IsBoolean(allowed.boolean)
  readonly verifyExpiration: boolean = false;

  @Setting("boolean", "An access token dies with its session: logout takes effect at once.")
  @IsBoolean(allowed.boolean)
  readonly verifySession: boolean = false;

  @Setting("seconds", "Lifetime of an access token.")
  @Min(1, allowed.lifetime)
  readonly expirationDelta: number = 300;

  @Setting("boolean", "Off: every refresh is refused and `origIat` is not written.")
  @IsBoolean(allowed.boolean)
  readonly allowRefresh: boolean = true;

  @Setting("seconds", "How long refreshing works: from `origIat`, or from a refresh token's creation or last rotation.")
  @Min(1, allowed.lifetime)
  readonly refreshExpirationDelta: number = 604_800;

  @Setting("seconds", "A session ends then, however often it was refreshed. `none` takes a profile's limit away.")
  @IsOptional()
  @Min(1, allowed.optionalLifetime)
  readonly refreshAbsoluteLifetime: number | undefined = undefined;

  @Setting(
    "seconds",
    "The bundled server deletes ended and expired sessions about so often, as `clear-tokens --expired`.",
  )
  @IsOptional()
  @Min(1, allowed.optionalLifetime)
  readonly clearTokensEvery: number | undefined = undefined;

  @Setting("boolean", "Off: a valid access token is exchanged for a new one. On: refresh tokens in the database.")
  @IsBoolean(allowed.boolean)
  readonly longRunningRefreshToken: boolean = false;

  @Setting("handler", "TypeORM entity class that extends ours (extra columns, another table).", "`RefreshToken`")
  @IsModel(allowed.model)
  readonly refreshTokenModel: RefreshTokenModel | undefined = undefined;

  @Setting("integer", "Random bytes in a refresh token: 16 to 1024.")
  @IsInt(allowed.refreshTokenNBytes)
  @Min(16, allowed.refreshTokenNBytes)
  @Max(1024, allowed.refreshTokenNBytes)
  readonly refreshTokenNBytes: number = 20;

  @Setting(
    "boolean",
    "On: each refresh hands out a new refresh token and invalidates the one before. Off: the same again.",
  )
  @IsBoolean(allowed.boolean)
  readonly reuseRefreshTokens: boolean = false;

  @Setting("seconds", "With rotation: for so long the token just replaced is answered with the same successor again.")
  @Min(0, allowed.duration)
  readonly refreshGracePeriod: number = 0;

  @Setting("handler", "`(origIat, context) => boolean`.", "compares with `refreshExpirationDelta`")
  @IsHandler(allowed.handler)
  readonly refreshExpiredHandler: RefreshExpiredHandler | undefined = undefined;

  @Setting("handler", "`(refreshTokenModel, token, context) => instance or null`.", "looks it up in the repository")
  @IsHandler(allowed.handler)
  readonly getRefreshTokenHandler: GetRefreshTokenHandler | undefined = undefined;

  @Setting(
    "text",
    "The GraphQL mutations: `graphql-jwt` as in django-graphql-jwt, `strawberry` as in strawberry-django-extras.",
  )
  @IsIn(CONTRACTS, allowed.oneOf(CONTRACTS))
  readonly mutations: MutationContract = "graphql-jwt";

  @Setting("boolean", "Introspection and field suggestions only for authenticated users. `__typename` always works.")
  @IsBoolean(allowed.boolean)
  readonly authenticateIntrospection: boolean = false;

  @Setting(
    "handler",
    "`(request, error) => { status, headers, body }`. Built in too: `httpResponseHandler`, plain text.",
  )
  @IsHandler(allowed.responseHandler, BUILT_IN_RESPONSE_HANDLERS)
  readonly unauthorizedResponseHandler: BuiltInResponseHandler | UnauthorizedResponseHandler = "jsonResponseHandler";
}

/*
 * The settings hold the handlers and the handlers get the settings, so their types stand in one file.
 * `handlers.ts` is where to import them from.
 */

/** What every handler that decides something is given. */
export interface HandlerContext {
  readonly settings: JwtSettings;
  /** The time of the server process's clock. */
  readonly now: Date;
  /** Undefined where a token is issued or verified outside of a request. */
  readonly request: RequestInfo | undefined;
}

/** What a `PayloadHandler` is given. */
export interface PayloadContext extends HandlerContext {
  /** Public identifier of the session that the token belongs to, for `sid`. */
  readonly sessionId: string | undefined;
}

/** Signs a payload and answers the token. */
export type EncodeHandler = (payload: JwtPayload, context: HandlerContext) => string | Promise<string>;

/** Verifies a token and answers its payload. Throws a `JsonWebTokenError` for a token that is not acceptable. */
export type DecodeHandler = (token: string, context: HandlerContext) => JwtPayload | Promise<JwtPayload>;

/** Makes the payload of a user's new token. */
export type PayloadHandler = (user: AuthUser, context: PayloadContext) => JwtPayload | Promise<JwtPayload>;

/** Reads the username of a payload; nothing where it has none. */
export type PayloadGetUsernameHandler = (
  payload: JwtPayload,
) => string | null | undefined | Promise<string | null | undefined>;

/** Finds the user with a natural key, inactive ones too. */
export type GetUserByNaturalKeyHandler = (username: string) => AuthUser | null | Promise<AuthUser | null>;

/** Whether a token whose `origIat` (Unix seconds) is this one may no longer be refreshed. */
export type RefreshExpiredHandler = (origIat: number, context: HandlerContext) => boolean | Promise<boolean>;

/** The entity class of refresh tokens. */
export type RefreshTokenModel = new () => object;

/** Finds what is kept of a refresh token, as an instance of the model. */
export type GetRefreshTokenHandler = (
  refreshTokenModel: RefreshTokenModel,
  token: string,
  context: HandlerContext,
) => object | null | Promise<object | null>;
