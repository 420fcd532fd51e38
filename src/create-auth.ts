import type { KeyObject } from "node:crypto";
import type { ValidationRule } from "graphql";
import type { AuthChecker, MiddlewareFn } from "type-graphql";
import type { DataSource } from "typeorm";
import { AccountService } from "./auth/account-service.js";
import { logEvents } from "./auth/audit-log.js";
import { clearSessions } from "./auth/clear-sessions.js";
import { Connections } from "./auth/connections.js";
import { AuthEvents } from "./auth/events.js";
import { AuthService } from "./auth/auth-service.js";
import type { IdentityLookup } from "./auth/identity-lookup.js";
import { keepTick } from "./auth/kept-tick.js";
import { expiredSessions } from "./auth/expired-sessions.js";
import { createLongRunning } from "./auth/long-running.js";
import { LimitKeys } from "./auth/limit-keys.js";
import { LoginLimiter } from "./auth/login-limiter.js";
import { PasswordCheck } from "./auth/password-check.js";
import type { Rule } from "./auth/rules.js";
import { SessionList } from "./auth/session-list.js";
import { TokenLiveness } from "./auth/token-liveness.js";
import { TokenGrant } from "./auth/token-grant.js";
import { TokenIssuer } from "./auth/token-issuer.js";
import { Users } from "./auth/users.js";
import type { AuthUser } from "./auth-user.js";
import { type Clock, systemClock } from "./clock.js";
import { errorResponse, type FailedRequest } from "./error-response.js";
import { authChecker, silentAuthChecker } from "./graphql/auth-checker.js";
import { introspectionRules, type Standing, standingOf } from "./graphql/introspection-guard.js";
import { limitRules } from "./graphql/query-limits.js";
import { authMiddlewares, type AuthResolvers, authResolvers } from "./graphql/schema.js";
import { subscriptionResolvers } from "./graphql/subscription-resolver.js";
import type { HttpResponse } from "./http-response.js";
import type { LimiterFactory } from "./limits/limiter-factory.js";
import { defaultLimiters } from "./limits/limiters.js";
import { type Logger, silentLogger } from "./logger.js";
import { authenticate } from "./request/authenticate.js";
import type { AuthContext } from "./request/context.js";
import { jwksResponse } from "./request/jwks-response.js";
import type { RequestInfo } from "./request-info.js";
import { assertRules, type Built } from "./require-rules.js";
import { checkOptions } from "./settings/check-options.js";
import { createSettings } from "./settings/create-settings.js";
import type { JwtSettingsInput } from "./settings/input.js";
import type { JwtSettings } from "./settings/jwt-settings.js";
import { parseSecretKey } from "./settings/keys.js";
import { type SetTimer, unrefTimer } from "./timer.js";
import { AccessTokens } from "./tokens/access-tokens.js";
import type { KeyStore } from "./tokens/key-store.js";
import { openKeyStore } from "./tokens/open-key-store.js";
import { jwksOf, type PublicJwkSet } from "./tokens/public-jwk.js";
import { authRouter } from "./trpc/auth-router.js";
import type { AuthRouter } from "./trpc/auth-router-types.js";
import type { UserDirectory } from "./users/user-directory.js";

/** What `createAuth` is given. */
export interface AuthOptions<TUser extends AuthUser = AuthUser> {
  /** Where the users are. */
  readonly users: UserDirectory<TUser>;
  /** The application's secret key: the default of the setting `secretKey`, and what refresh tokens are signed with. */
  readonly secretKey?: string | KeyObject | undefined;
  /** Settings given in code. They win over the environment. */
  readonly settings?: JwtSettingsInput | undefined;
  /** Variables to read `JWT_*` from, for example `process.env`. None are read unless it is given. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** The profile where neither the settings nor the environment name one. By default `"documented"`. */
  readonly defaultProfile?: JwtSettings["profile"] | undefined;
  /** Long-running refresh tokens: the connected data source, with `RefreshToken` (or the model of one's own) among its entities. */
  readonly dataSource?: DataSource | undefined;
  /**
   * Finds the user and the session of an access token together, where one query can; only with `verifySession`, and not
   * beside `getUserByNaturalKeyHandler`. By default both are asked for at the same time.
   */
  readonly identities?: IdentityLookup<TUser> | undefined;
  /**
   * Where attempts to log in are counted, for the settings `loginLimit…`: any store of rate-limiter-flexible, Redis for
   * example, `(options) => new RateLimiterRedis({ ...options, storeClient })`. By default the data source, if `LoginAttempt`
   * is among its entities, and otherwise this process alone.
   */
  readonly loginLimiters?: LimiterFactory | undefined;
  /** By default the system's clock. */
  readonly clock?: Clock | undefined;
  /** What waits for tokens to expire on open sockets. By default Node's timer. */
  readonly setTimer?: SetTimer | undefined;
  /** By default nothing is logged. */
  readonly logger?: Logger | undefined;
}

/** Everything that a host application mounts. */
export interface Auth<TUser extends AuthUser = AuthUser> {
  /** The settings in force, validated and frozen. */
  readonly settings: Readonly<JwtSettings>;
  /** Settings that weaken security, in words; they have been logged too. */
  readonly warnings: readonly string[];
  /** tokenAuth, verifyToken, refreshToken, revokeToken without either face. */
  readonly service: AuthService<TUser>;
  /** Sessions to see and to end, and changing the password, without either face. */
  readonly account: AccountService<TUser>;
  /** What happens: logins, refreshes, replays. */
  readonly events: AuthEvents;
  /** The sockets and event streams that are open in this process. */
  readonly connections: Connections;
  /**
   * Deletes the rows of sessions that were revoked, with `expired` also of those that no refresh would be answered for:
   * for a job that runs now and then.
   *
   * @returns how many rows; none in single-token mode
   * @throws ServiceUnavailableError
   */
  clearTokens(which?: { readonly expired?: boolean | undefined }): Promise<number>;

  /** The keys that access tokens are signed and verified with now. */
  readonly keys: KeyStore;
  /**
   * The public keys that verify our access tokens, the next one among them; none with an HMAC.
   *
   * @throws ServiceUnavailableError if they are another process's and cannot be had
   */
  jwks(): Promise<PublicJwkSet>;
  /**
   * The same as the answer to `GET /.well-known/jwks.json`, which caches may keep; 304 to a client that has it.
   *
   * @throws ServiceUnavailableError as `jwks`: answer with `errorResponse`
   */
  jwksResponse(request: Pick<RequestInfo, "headers">): Promise<HttpResponse>;

  /** TypeGraphQL: the resolvers of the auth operations, for `buildSchema({ resolvers: [...auth.resolvers, MyResolver] })`. */
  readonly resolvers: AuthResolvers;
  /**
   * TypeGraphQL: `sessionEvents` and `renewConnection`, to add to the others where subscriptions are served. TypeGraphQL
   * then wants a `pubSub`: one of your own, or `noPubSub`.
   */
  readonly subscriptionResolvers: AuthResolvers;
  /** TypeGraphQL: for `buildSchema({ globalMiddlewares: auth.globalMiddlewares })`; empty unless `allowArgument` is on. */
  readonly globalMiddlewares: MiddlewareFn<AuthContext>[];
  /** TypeGraphQL: decides `@Authorized(...rules)`; what is denied is an error. */
  readonly authChecker: AuthChecker<AuthContext, Rule<never>>;
  /** The same for `buildSchema({ authMode: "null" })`: what is denied is null, but a subscription, which is an error still. */
  readonly silentAuthChecker: AuthChecker<AuthContext, Rule<never>>;
  /**
   * tRPC: the router of the auth operations, for `router({ auth: auth.trpcRouter, … })`. With `hideTokenFields` it is a
   * `HiddenTokenAuthRouter`.
   */
  readonly trpcRouter: AuthRouter;

  /**
   * The context of a request, for GraphQL and tRPC alike.
   *
   * @param user a user whom an earlier middleware has authenticated, active or not: no token is looked at then
   * @throws JsonWebTokenError for a bad token, ServiceUnavailableError when the user cannot be looked up now: answer
   *   with `errorResponse`, whatever the URL
   */
  context(request: RequestInfo, user?: TUser | null): Promise<AuthContext<TUser>>;
  /**
   * The answer to a request that failed before GraphQL or tRPC could answer it: 401 by the handler in the settings for
   * a bad token, 503, or 500. Never rejects.
   */
  errorResponse(failed: FailedRequest): Promise<HttpResponse>;
  /** What the request may know of the schema; a part of the key of any cache of validated documents. */
  standing(context: AuthContext<TUser>): Standing;
  /**
   * With the setting `requireRules`, looks for queries, mutations, subscriptions and procedures that have neither a rule
   * nor a mark that everybody may: `@Public()`, `publicProcedure`. Call it at start-up. Lazy routers are loaded.
   *
   * @throws MissingRulesError with all of them
   */
  assertRules(built: Built): Promise<void>;
  /** The introspection guard: the validation rules to add to graphql-js' own for this request. */
  introspectionRules(context: AuthContext<TUser>): readonly ValidationRule[];
  /** `queryDepthLimit` and `queryAliasLimit` as validation rules. `createGraphQLHandler` has these and the other limits. */
  readonly limitRules: readonly ValidationRule[];
}

/**
 * Builds the auth service with both faces. Nothing is global: call it as often as there are configurations.
 *
 * @throws SettingsError with every problem of the settings at once, or of the options that they are read from;
 *   ServiceUnavailableError when the data source is away
 */
export async function createAuth<TUser extends AuthUser>(options: AuthOptions<TUser>): Promise<Auth<TUser>> {
  checkOptions(options);
  const { clock = systemClock, setTimer = unrefTimer, logger = silentLogger, secretKey, dataSource } = options;
  const { environment, settings: values, defaultProfile, identities } = options;
  const { loginLimiters: limiters = defaultLimiters(dataSource, clock) } = options;
  const resolved = await createSettings({ environment, values, secretKey, defaultProfile });
  const { settings, nameOf } = resolved;
  const keys = await openKeyStore(settings, { clock, logger, nameOf });
  const warnings = [...resolved.warnings, ...keys.warnings];
  for (const warning of warnings) logger.warn({}, warning);

  const events = new AuthEvents(logger);
  logEvents(events, logger);
  const users = new Users(settings, options.users);
  const tokens = await AccessTokens.create(settings, keys);
  const issuer = new TokenIssuer(users, tokens);
  const longRunning = await createLongRunning({ settings, users, events, secretKey, dataSource, identities, nameOf });
  const grant = new TokenGrant(users, issuer, events, longRunning?.refreshTokens);
  const limitKeys = new LimitKeys(limitSecret(settings, secretKey));
  const limiter = new LoginLimiter({ settings, limiters, keys: limitKeys, events });
  const passwords = new PasswordCheck(users, limiter, events);
  const service = new AuthService({ settings, clock, users, passwords, tokens, issuer, grant, events, longRunning });
  keepTick(service);
  const sessionList = longRunning && new SessionList(longRunning.repository, events);
  const connections = new Connections({
    settings,
    clock,
    setTimer,
    events,
    logger,
    liveness: new TokenLiveness(settings, users, longRunning),
    auth: service,
    naturalKey: (user) => users.naturalKey(user),
  });
  const account = new AccountService({ settings, clock, users, passwords, events, issuer, grant, sessionList });

  const jwks = async () => jwksOf(await keys.ringAt(clock.now()));

  return {
    settings,
    warnings,
    service,
    account,
    events,
    connections,
    async clearTokens({ expired = false } = {}) {
      const ended = expired ? expiredSessions(settings, clock.now()) : {};
      return longRunning ? clearSessions(longRunning.repository, ended) : 0;
    },
    keys,
    jwks,
    jwksResponse: async (request) => jwksResponse(await jwks(), request),
    resolvers: authResolvers(settings),
    subscriptionResolvers,
    globalMiddlewares: authMiddlewares(settings),
    authChecker,
    silentAuthChecker,
    trpcRouter: authRouter,
    context: (request, user) => authenticate({ auth: service, account, clock, connections }, request, user),
    errorResponse: (failed) => errorResponse(settings, failed),
    assertRules: async (built) => (settings.requireRules ? assertRules(built) : undefined),
    standing: ({ user }) => standingOf(user, settings),
    limitRules: limitRules(settings),
    introspectionRules: ({ user }) => introspectionRules(standingOf(user, settings)),
  };
}

/** What all servers of an application share. */
function limitSecret({ secretKey, privateKey }: JwtSettings, given: AuthOptions["secretKey"]): KeyObject | undefined {
  return given === undefined ? (secretKey ?? privateKey) : parseSecretKey(given);
}
