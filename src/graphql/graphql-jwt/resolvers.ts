import type { GraphQLResolveInfo } from "graphql";
import { Args, Ctx, Info, Mutation, Resolver } from "type-graphql";

import type { AuthUser } from "../../auth-user.js";
import type { ObtainedToken, RefreshedToken } from "../../auth/auth-operations.js";
import type { AuthContext } from "../../request/context.js";
import { assertValidArgs } from "../../request/input-schema.js";
import {
  RefreshTokenArgs,
  RevokeTokenArgs,
  SetPasswordArgs,
  TokenAuthArgs,
  VerifyTokenArgs,
} from "../../request/inputs.js";
import * as operations from "../../request/operations.js";
import { userOutput } from "../../request/outputs.js";
import { OwnToken } from "../argument-authentication.js";
import { Public } from "../public.js";
import { asInt } from "../seconds.js";
import { isSelected } from "../selection.js";
import {
  DeleteJSONWebTokenCookie,
  DeleteRefreshTokenCookie,
  HiddenObtainJSONWebToken,
  HiddenRefresh,
  LongRunningObtainJSONWebToken,
  LongRunningRefresh,
  ObtainJSONWebToken,
  Refresh,
  Revoke,
  Verify,
} from "./types.js";

const validated = { validateFn: assertValidArgs };

const LOG_IN = { nullable: true, description: "Logs in with a username and a password." };
const SET_PASSWORD = {
  nullable: true,
  description: "Changes the password. All sessions end; the answer is a new one.",
};
const REFRESH = { nullable: true, description: "Exchanges a refresh token, or a valid access token, for a new one." };

/** The mutations that are the same in every mode. Resolvers have no state: the auth service comes with the context. */
@Resolver()
export class CommonMutations {
  @OwnToken()
  @Public()
  @Mutation(() => Verify, { nullable: true, description: "The payload of a valid token." })
  verifyToken(
    @Args(() => VerifyTokenArgs, validated) args: VerifyTokenArgs,
    @Ctx() context: AuthContext,
  ): Promise<Verify> {
    return operations.verifyToken(args, context);
  }

  @OwnToken()
  @Public()
  @Mutation(() => Revoke, { nullable: true, description: "Ends the session of a refresh token." })
  async revokeToken(
    @Args(() => RevokeTokenArgs, validated) args: RevokeTokenArgs,
    @Ctx() context: AuthContext,
  ): Promise<Revoke> {
    const { revoked } = await operations.revokeToken(args, context);
    return { revoked: asInt(revoked) };
  }

  @Public()
  @Mutation(() => DeleteJSONWebTokenCookie, { nullable: true, description: "Deletes the access token's cookie." })
  deleteTokenCookie(@Ctx() context: AuthContext): DeleteJSONWebTokenCookie {
    return operations.deleteTokenCookie(context);
  }

  @Public()
  @Mutation(() => DeleteRefreshTokenCookie, { nullable: true, description: "Deletes the refresh token's cookie." })
  deleteRefreshTokenCookie(@Ctx() context: AuthContext): DeleteRefreshTokenCookie {
    return operations.deleteRefreshTokenCookie(context);
  }
}

/** Single-token mode: a still valid access token is exchanged for a new one. */
@Resolver()
export class SingleTokenMutations {
  @OwnToken()
  @Public()
  @Mutation(() => ObtainJSONWebToken, LOG_IN)
  tokenAuth(@Args(() => TokenAuthArgs, validated) args: TokenAuthArgs, @Ctx() context: AuthContext) {
    return logIn(args, context);
  }

  @Public()
  @Mutation(() => ObtainJSONWebToken, SET_PASSWORD)
  setPassword(@Args(() => SetPasswordArgs, validated) args: SetPasswordArgs, @Ctx() context: AuthContext) {
    return setPassword(args, context);
  }

  @OwnToken()
  @Public()
  @Mutation(() => Refresh, REFRESH)
  refreshToken(@Args(() => RefreshTokenArgs, validated) args: RefreshTokenArgs, @Ctx() context: AuthContext) {
    return refresh(args, context, { successor: false });
  }
}

/** Long-running mode: refresh tokens stand in the database. */
@Resolver()
export class LongRunningMutations {
  @OwnToken()
  @Public()
  @Mutation(() => LongRunningObtainJSONWebToken, LOG_IN)
  tokenAuth(@Args(() => TokenAuthArgs, validated) args: TokenAuthArgs, @Ctx() context: AuthContext) {
    return logIn(args, context);
  }

  @Public()
  @Mutation(() => LongRunningObtainJSONWebToken, SET_PASSWORD)
  setPassword(@Args(() => SetPasswordArgs, validated) args: SetPasswordArgs, @Ctx() context: AuthContext) {
    return setPassword(args, context);
  }

  @OwnToken()
  @Public()
  @Mutation(() => LongRunningRefresh, REFRESH)
  refreshToken(
    @Args(() => RefreshTokenArgs, validated) args: RefreshTokenArgs,
    @Ctx() context: AuthContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    // A token that the client does not ask for would be lost to it, and the one it holds would be spent.
    return refresh(args, context, { successor: isSelected(info, "refreshToken") });
  }
}

/** Either mode with `hideTokenFields`: tokens travel in cookies alone. */
@Resolver()
export class HiddenTokenMutations {
  @OwnToken()
  @Public()
  @Mutation(() => HiddenObtainJSONWebToken, LOG_IN)
  tokenAuth(@Args(() => TokenAuthArgs, validated) args: TokenAuthArgs, @Ctx() context: AuthContext) {
    return logIn(args, context);
  }

  @Public()
  @Mutation(() => HiddenObtainJSONWebToken, SET_PASSWORD)
  setPassword(@Args(() => SetPasswordArgs, validated) args: SetPasswordArgs, @Ctx() context: AuthContext) {
    return setPassword(args, context);
  }

  @OwnToken()
  @Public()
  @Mutation(() => HiddenRefresh, REFRESH)
  refreshToken(@Args(() => RefreshTokenArgs, validated) args: RefreshTokenArgs, @Ctx() context: AuthContext) {
    return refresh(args, context, { successor: false });
  }
}

/** With a refresh token where there is one. */
type Refreshed = Refresh & Partial<LongRunningRefresh>;

async function logIn(args: TokenAuthArgs, context: AuthContext): Promise<ObtainJSONWebToken> {
  return obtained(await operations.tokenAuth(args, context), context);
}

async function setPassword(args: SetPasswordArgs, context: AuthContext): Promise<ObtainJSONWebToken> {
  return obtained(await operations.setPassword(args, context), context);
}

function obtained(answer: ObtainedToken<AuthUser>, { auth }: AuthContext): ObtainJSONWebToken {
  return Object.assign(refreshed(answer), { user: userOutput(answer.user, auth.settings.usernameField) });
}

async function refresh(args: RefreshTokenArgs, context: AuthContext, wanted: { successor: boolean }): Promise<Refresh> {
  return refreshed(await operations.refreshToken(args, context, wanted));
}

/** What the fields of each mode are taken from. */
function refreshed({ token, payload, refreshToken, refreshExpiresIn }: RefreshedToken): Refresh {
  const fields: Refreshed = { token, payload, refreshExpiresIn: asInt(refreshExpiresIn) };
  if (refreshToken !== undefined) fields.refreshToken = refreshToken;
  return fields;
}
