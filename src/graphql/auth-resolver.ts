import type { GraphQLResolveInfo } from "graphql";
import { Args, Ctx, Info, Mutation, Query, Resolver } from "type-graphql";
import type { RefreshedToken } from "../auth/auth-operations.js";
import type { AuthContext } from "../request/context.js";
import { assertValidArgs } from "../request/input-schema.js";
import { RefreshTokenArgs, RevokeTokenArgs, TokenAuthArgs, VerifyTokenArgs } from "../request/inputs.js";
import { userOutput } from "../request/outputs.js";
import { isSelected } from "./selection.js";
import {
  LongRunningObtainJSONWebToken,
  LongRunningRefresh,
  ObtainJSONWebToken,
  Refresh,
  Revoke,
  UserType,
  Verify,
} from "./types.js";

const validated = { validateFn: assertValidArgs };

/** The latest second that GraphQL's 32-bit `Int` can tell, in 2038. What happens or ends later must not fail for that. */
const LATEST_INT = 2 ** 31 - 1;

/** The operations that are the same in both modes. Resolvers have no state: the auth service comes with the context. */
@Resolver()
export class CommonResolver {
  @Query(() => UserType, { nullable: true, description: "The user of the request; null for an anonymous one." })
  me(@Ctx() { user, auth }: AuthContext): UserType | null {
    return user && userOutput(user, auth.settings.usernameField);
  }

  @Mutation(() => Verify, { nullable: true, description: "The payload of a valid token." })
  verifyToken(
    @Args(() => VerifyTokenArgs, validated) args: VerifyTokenArgs,
    @Ctx() { auth, request }: AuthContext,
  ): Promise<Verify> {
    return auth.verifyToken(args, request);
  }

  @Mutation(() => Revoke, { nullable: true, description: "Ends the session of a refresh token." })
  async revokeToken(
    @Args(() => RevokeTokenArgs, validated) args: RevokeTokenArgs,
    @Ctx() { auth, request }: AuthContext,
  ): Promise<Revoke> {
    const { revoked } = await auth.revokeToken(args, request);
    return { revoked: Math.min(revoked, LATEST_INT) };
  }
}

/** Single-token mode: a still valid access token is exchanged for a new one. */
@Resolver()
export class SingleTokenResolver {
  @Mutation(() => ObtainJSONWebToken, { nullable: true, description: "Logs in with a username and a password." })
  async tokenAuth(
    @Args(() => TokenAuthArgs, validated) args: TokenAuthArgs,
    @Ctx() context: AuthContext,
  ): Promise<ObtainJSONWebToken> {
    return obtainToken(args, context);
  }

  @Mutation(() => Refresh, { nullable: true, description: "Exchanges a valid access token for a new one." })
  async refreshToken(
    @Args(() => RefreshTokenArgs, validated) args: RefreshTokenArgs,
    @Ctx() { auth, request }: AuthContext,
  ): Promise<Refresh> {
    return refreshed(await auth.refreshToken(args, request));
  }
}

/** Long-running mode: refresh tokens stand in the database. */
@Resolver()
export class LongRunningResolver {
  @Mutation(() => LongRunningObtainJSONWebToken, {
    nullable: true,
    description: "Logs in with a username and a password.",
  })
  async tokenAuth(
    @Args(() => TokenAuthArgs, validated) args: TokenAuthArgs,
    @Ctx() context: AuthContext,
  ): Promise<ObtainJSONWebToken> {
    return obtainToken(args, context);
  }

  @Mutation(() => LongRunningRefresh, { nullable: true, description: "Exchanges a refresh token for an access token." })
  async refreshToken(
    @Args(() => RefreshTokenArgs, validated) args: RefreshTokenArgs,
    @Ctx() { auth, request }: AuthContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Refresh> {
    // A token that the client does not ask for would be lost to it, and the one it holds would be spent.
    const successor = isSelected(info, "refreshToken");
    return refreshed(await auth.refreshToken(args, request, { successor }));
  }
}

async function obtainToken(args: TokenAuthArgs, { auth, request }: AuthContext): Promise<ObtainJSONWebToken> {
  const obtained = await auth.tokenAuth(args, request);
  return { ...refreshed(obtained), user: userOutput(obtained.user, auth.settings.usernameField) };
}

function refreshed(answer: RefreshedToken): RefreshedToken {
  return { ...answer, refreshExpiresIn: Math.min(answer.refreshExpiresIn, LATEST_INT) };
}
