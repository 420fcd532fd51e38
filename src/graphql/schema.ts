import type { GraphQLSchema } from "graphql";
import { buildSchema, type BuildSchemaOptions, type MiddlewareFn } from "type-graphql";

import { issuesRefreshTokens } from "../auth/long-running.js";
import type { AuthContext } from "../request/context.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { argumentAuthentication } from "./argument-authentication.js";
import { authChecker } from "./auth-checker.js";
import {
  CommonMutations,
  HiddenTokenMutations,
  LongRunningMutations,
  SingleTokenMutations,
} from "./graphql-jwt/resolvers.js";
import { MeResolver, meWithArgument } from "./me-resolver.js";
import { SessionResolver } from "./session-resolver.js";
import { noPubSub, subscriptionResolvers } from "./subscription-resolver.js";
import { StrawberryMutations } from "./strawberry/resolver.js";

/** The resolver classes of the auth operations, for TypeGraphQL's `buildSchema`. */
export type AuthResolvers = BuildSchemaOptions["resolvers"];

/** The resolvers of the contract that the setting `mutations` names, in the shape that the other settings give it. */
export function authResolvers(settings: JwtSettings): AuthResolvers {
  const me = settings.allowArgument ? meWithArgument(settings.argumentName) : MeResolver;
  const sessions = issuesRefreshTokens(settings) ? [SessionResolver] : [];
  if (settings.mutations === "strawberry") return [me, StrawberryMutations, ...sessions];
  return [me, CommonMutations, tokenMutations(settings), ...sessions];
}

/** What TypeGraphQL has to call around every field: nothing, unless a field may be given a token of its own. */
export function authMiddlewares(settings: JwtSettings): MiddlewareFn<AuthContext>[] {
  return settings.allowArgument ? [argumentAuthentication] : [];
}

/** The schema of the bundled server: the auth operations and nothing else. */
export function buildAuthSchema(settings: JwtSettings): Promise<GraphQLSchema> {
  return buildSchema({
    resolvers: [...authResolvers(settings), ...subscriptionResolvers],
    pubSub: noPubSub,
    globalMiddlewares: authMiddlewares(settings),
    authChecker,
    validate: false,
  });
}

/** Without refresh tokens there is no field `refreshToken`, with hidden ones no field `token` either. */
function tokenMutations(settings: JwtSettings) {
  if (settings.hideTokenFields) return HiddenTokenMutations;
  return issuesRefreshTokens(settings) ? LongRunningMutations : SingleTokenMutations;
}
