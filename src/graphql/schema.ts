import type { GraphQLSchema } from "graphql";
import { buildSchema } from "type-graphql";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { authChecker } from "./auth-checker.js";
import { LongRunningResolver, SingleTokenResolver } from "./auth-resolver.js";

/** The class of the resolver whose operations fit the settings, for TypeGraphQL's `buildSchema`. */
export type AuthResolver = typeof SingleTokenResolver | typeof LongRunningResolver;

/** Single-token and long-running mode differ in their types: without refresh tokens there is no field `refreshToken`. */
export function authResolver(settings: JwtSettings): AuthResolver {
  return issuesRefreshTokens(settings) ? LongRunningResolver : SingleTokenResolver;
}

/** Whether logging in opens a session with a refresh token. */
export function issuesRefreshTokens(settings: JwtSettings): boolean {
  return settings.longRunningRefreshToken && settings.allowRefresh;
}

/** The schema of the bundled server: the auth operations and nothing else. */
export function buildAuthSchema(settings: JwtSettings): Promise<GraphQLSchema> {
  return buildSchema({ resolvers: [authResolver(settings)], authChecker, validate: false });
}
