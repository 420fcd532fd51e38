import type { GraphQLSchema } from "graphql";
import { buildSchema, type BuildSchemaOptions } from "type-graphql";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { authChecker } from "./auth-checker.js";
import { LongRunningResolver, SingleTokenResolver, VerifyRevokeResolver } from "./graphql-jwt/resolvers.js";
import { MeResolver } from "./me-resolver.js";
import { StrawberryResolver } from "./strawberry/resolver.js";

/** The resolver classes of the auth operations, for TypeGraphQL's `buildSchema`. */
export type AuthResolvers = readonly [typeof MeResolver, ...NonNullable<BuildSchemaOptions["resolvers"]>];

/** The resolvers of the contract that the setting `mutations` names. */
export function authResolvers(settings: JwtSettings): AuthResolvers {
  if (settings.mutations === "strawberry") return [MeResolver, StrawberryResolver];
  // Single-token and long-running mode differ in their types: without refresh tokens there is no field `refreshToken`.
  return [MeResolver, VerifyRevokeResolver, issuesRefreshTokens(settings) ? LongRunningResolver : SingleTokenResolver];
}

/** Whether logging in opens a session with a refresh token. */
export function issuesRefreshTokens(settings: JwtSettings): boolean {
  return settings.longRunningRefreshToken && settings.allowRefresh;
}

/** The schema of the bundled server: the auth operations and nothing else. */
export function buildAuthSchema(settings: JwtSettings): Promise<GraphQLSchema> {
  return buildSchema({ resolvers: authResolvers(settings), authChecker, validate: false });
}
