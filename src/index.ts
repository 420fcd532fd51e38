/** The library: everything that a host application mounts or implements. */
import "reflect-metadata";

export { type Auth, type AuthOptions, createAuth } from "./create-auth.js";
export type { AuthUser } from "./auth-user.js";
export { type Clock, systemClock } from "./clock.js";
export type { FailedRequest } from "./error-response.js";
export type { HttpResponse } from "./http-response.js";
export type { Logger } from "./logger.js";
export type { RequestInfo } from "./request-info.js";
export { type Built, MissingRulesError } from "./require-rules.js";
export { sendResponse } from "./send-response.js";

export {
  AuthError,
  BadUserInputError,
  CsrfError,
  type ErrorCode,
  ForbiddenError,
  HTTP_STATUS,
  type InputProblem,
  InvalidCredentialsError,
  InvalidPayloadError,
  InvalidRefreshTokenError,
  IssuingNotAllowedError,
  JsonWebTokenError,
  NotSupportedError,
  RefreshExpiredError,
  RefreshNotAllowedError,
  ServiceUnavailableError,
  SessionNotFoundError,
  TokenDecodeError,
  TokenExpiredError,
  TokenRequiredError,
  TooManyRequestsError,
  UnauthenticatedError,
  UserDisabledError,
} from "./errors.js";

export type {
  DecodeHandler,
  EncodeHandler,
  GetRefreshTokenHandler,
  GetUserByNaturalKeyHandler,
  HandlerContext,
  JwtPayload,
  PayloadContext,
  PayloadGetUsernameHandler,
  PayloadHandler,
  RefreshExpiredHandler,
  RefreshTokenModel,
  UnauthorizedResponseHandler,
} from "./settings/handlers.js";
export { HandlerError } from "./settings/handler-error.js";
export type { JwtSettingsInput } from "./settings/input.js";
export { JwtSettings } from "./settings/jwt-settings.js";
export { SettingsError, type SettingsProblem } from "./settings/settings-error.js";

export type { KeyRing } from "./tokens/key-ring.js";
export type { KeyStore } from "./tokens/key-store.js";
export type { PublicJwk, PublicJwkSet } from "./tokens/public-jwk.js";
export type { TokenKey } from "./tokens/token-key.js";

export type { AccountOperations, Viewer, Whose } from "./auth/account-operations.js";
export type { AccountService } from "./auth/account-service.js";
export type { AuthOperations, Identity, ObtainedToken, RefreshedToken } from "./auth/auth-operations.js";
export type { AuthService } from "./auth/auth-service.js";
export type { Connection } from "./auth/connection.js";
export type { ConnectionOperation } from "./auth/connection-operation.js";
export type { Connections } from "./auth/connections.js";
export type { LogoutReason, SessionEvent } from "./auth/logout.js";
export type { AuthEventMap, AuthEventName, AuthEvents, EventContext, LoginLimit } from "./auth/events.js";
export type { IdentityLookup, KeptIdentity } from "./auth/identity-lookup.js";
export { assertAllowed, type Rule, type RulePredicate, type RuleSubject } from "./auth/rules.js";
export type { SessionInfo } from "./auth/session-list.js";
export type { AuthContext } from "./request/context.js";
export type { CookieJar } from "./request/cookies/cookie-jar.js";
export { httpResponseHandler, jsonResponseHandler } from "./request/unauthorized.js";

export { OwnToken } from "./graphql/argument-authentication.js";
export {
  createEventStreamHandler,
  type EventStreamHandler,
  type EventStreamResponse,
  wantsEventStream,
} from "./graphql/event-stream.js";
export { createGraphQLHandler, type GraphQLHandler, type GraphQLRequest } from "./graphql/handler.js";
export { Public } from "./graphql/public.js";
export type { RequestBody } from "./graphql/read-body.js";
export type { AuthResolvers } from "./graphql/schema.js";
export { noPubSub } from "./graphql/subscription-resolver.js";
export type { Standing } from "./graphql/introspection-guard.js";

export { formatTRPCError } from "./trpc/error-shape.js";
export { retryAfterHeader } from "./trpc/retry-after.js";
export { createTrpc } from "./trpc/trpc.js";
export type {
  AppRouter,
  AuthErrorShape,
  AuthProcedures,
  AuthRouter,
  AuthUserOutput,
  HiddenRefreshOutput,
  HiddenTokenAppRouter,
  HiddenTokenAuthOutput,
  HiddenTokenAuthRouter,
  RefreshOutput,
  SessionEventOutput,
  TokenAuthOutput,
  TokenPayload,
} from "./trpc/auth-router-types.js";

export { SOCKET_LIMITS, type SocketLimits } from "./sockets/socket-limits.js";
export type { SocketServerOptions } from "./sockets/socket-options.js";
export { serveSockets, type SocketServer } from "./sockets/socket-server.js";
export type { SetTimer } from "./timer.js";

export { createDataSource, type DataSourceSettings } from "./database/data-source.js";
export { DatabaseError } from "./database/database-error.js";
export { DatabaseUrlError } from "./database/database-url.js";
export { allowBinaryColumns } from "./database/sqlite-options.js";
export { sqliteDriver } from "./database/sqlite-driver.js";
export { IndexNamingStrategy } from "./database/naming-strategy.js";
export { migrate, pendingMigrations } from "./database/migrate.js";
export {
  LOGIN_LIMIT_MIGRATIONS,
  MIGRATIONS,
  SESSION_MIGRATIONS,
  USER_MIGRATIONS,
} from "./database/migrations/index.js";
export type { LimiterFactory, LimitOptions } from "./limits/limiter-factory.js";
export { LoginAttempt } from "./limits/login-attempt.js";
export type {
  EndedBatch,
  EndedPosition,
  EndedSessions,
  NewSession,
  RefreshTokenRepository,
  SessionClient,
} from "./sessions/refresh-token-repository.js";
export { RefreshToken } from "./sessions/refresh-token.js";
export type { HashingLimits } from "./users/hashing-queue.js";
export type { NewUser } from "./users/new-user.js";
export { PasswordHasher, type PasswordHashCosts } from "./users/password-hasher.js";
export { TypeOrmUsers, type TypeOrmUsersOptions, UserExistsError } from "./users/typeorm-users.js";
export type { UserAccount } from "./users/user-account.js";
export type { UserDirectory } from "./users/user-directory.js";
export { User } from "./users/user.js";
