import type { GraphQLSchema } from "graphql";
import { buildSchema } from "type-graphql";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { authChecker } from "./auth-checker.js";
import { CommonResolver, LongRunningResolver, SingleTokenResolver } from "./auth-resolver.js";

/** The resolver classes of the auth operations, for TypeGraphQL's `buildSchema`. */
export type AuthResolvers = readonly [typeof CommonResolver, typeof SingleTokenResolver | typeof LongRunningResolver];

/** Single-token and long-running mode differ in their types: without refresh tokens there is no field `refreshToken`. */
export function authResolvers(settings: JwtSettings): AuthResolvers {
  return [CommonResolver, issuesRefreshTokens(settings) ? LongRunningResolver : SingleTokenResolver];
}

/** Whether logging in opens a session with a refresh token. */
export function issuesRefreshTokens(settings: JwtSettings): boolean {
  return settings.longRunningRefreshToken && settings.allowRefresh;
}

/** The schema of the bundled server: the auth operations and nothing else. */
export function buildAuthSchema(settings: JwtSettings): Promise<GraphQLSchema> {
  return buildSchema({ resolvers: authResolvers(settings), authChecker, validate: false });
}
