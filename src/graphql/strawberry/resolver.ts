import type { GraphQLResolveInfo } from "graphql";
import { Args, Ctx, Info, Mutation, Resolver } from "type-graphql";

import type { RefreshedToken } from "../../auth/auth-operations.js";
import { BadUserInputError, RefreshNotAllowedError } from "../../errors.js";
import type { AuthContext } from "../../request/context.js";
import { assertValidArgs } from "../../request/input-schema.js";
import { SetPasswordArgs } from "../../request/inputs.js";
import * as operations from "../../request/operations.js";
import { OwnToken } from "../argument-authentication.js";
import { Public } from "../public.js";
import { asInt } from "../seconds.js";
import { isSelected } from "../selection.js";
import { RequestTokenArgs, TokenArgs } from "./args.js";
import { inStrawberryWords } from "./messages.js";
import { TokenPayloadType, TokenType } from "./types.js";

const validated = { validateFn: assertValidArgs };

/** The mutations of strawberry-django-extras, over the same auth service. */
@Resolver()
export class StrawberryMutations {
  @OwnToken()
  @Public()
  @Mutation(() => TokenType, { description: "Logs in with a username and a password, or with a refresh token." })
  async requestToken(
    @Args(() => RequestTokenArgs, validated) args: RequestTokenArgs,
    @Ctx() context: AuthContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TokenType> {
    if (args.refreshToken !== undefined) {
      // A token that the client does not ask for would be lost to it, and the one it holds would be spent.
      return refresh(args.refreshToken, context, isSelected(info, "refreshToken", "token"));
    }
    const { username, password } = args;
    if (username === undefined || password === undefined) throw invalidArguments();
    return logIn({ username: username ?? "", password: password ?? "" }, context);
  }

  @Public()
  @Mutation(() => TokenType, { description: "Changes the password. All sessions end; the answer is a new one." })
  async setPassword(
    @Args(() => SetPasswordArgs, validated) args: SetPasswordArgs,
    @Ctx() context: AuthContext,
  ): Promise<TokenType> {
    return answer(await inStrawberryWords(operations.setPassword(args, context)));
  }

  @OwnToken()
  @Public()
  @Mutation(() => TokenPayloadType, { description: "The times of a valid token." })
  async verifyToken(
    @Args(() => TokenArgs, validated) args: TokenArgs,
    @Ctx() context: AuthContext,
  ): Promise<TokenPayloadType> {
    const { payload } = await operations.verifyToken(args, context);
    return { exp: secondsOrNull(payload.exp), iat: secondsOrNull(payload.origIat) };
  }

  @OwnToken()
  @Public()
  @Mutation(() => Boolean, { description: "Ends the session of a refresh token." })
  async revokeToken(
    @Args(() => TokenArgs, validated) { token }: TokenArgs,
    @Ctx() context: AuthContext,
  ): Promise<boolean> {
    await operations.revokeToken({ refreshToken: token }, context);
    return true;
  }
}

async function logIn(credentials: { username: string; password: string }, context: AuthContext): Promise<TokenType> {
  return answer(await inStrawberryWords(operations.tokenAuth(credentials, context)));
}

/** In single-token mode the "refresh token" is a still valid access token: the auth service takes the one that fits. */
async function refresh(token: string | null, context: AuthContext, successor: boolean): Promise<TokenType> {
  if (!context.auth.settings.allowRefresh) throw new RefreshNotAllowedError();
  const given = { token: token ?? "", refreshToken: token ?? "" };
  return answer(await inStrawberryWords(operations.refreshToken(given, context, { successor })));
}

function answer({ token, refreshToken, refreshExpiresIn, refreshIssuedAt }: RefreshedToken): TokenType {
  return {
    token,
    refreshToken:
      refreshToken === undefined
        ? null
        : { token: refreshToken, exp: asInt(refreshExpiresIn), iat: asInt(refreshIssuedAt) },
  };
}

function secondsOrNull(seconds: number | undefined): number | null {
  return seconds === undefined ? null : asInt(seconds);
}

function invalidArguments(): BadUserInputError {
  return new BadUserInputError([{ argument: "username", problem: "Invalid arguments" }]);
}
