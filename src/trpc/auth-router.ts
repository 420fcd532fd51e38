import type { AuthUser } from "../auth-user.js";
import type { ObtainedToken, RefreshedToken } from "../auth/auth-operations.js";
import type { AuthContext } from "../request/context.js";
import { assertAtMostText, inputOf } from "../request/input-schema.js";
import {
  RefreshTokenArgs,
  RenewConnectionArgs,
  RevokeSessionArgs,
  RevokeTokenArgs,
  SetPasswordArgs,
  TokenAuthArgs,
  VerifyTokenArgs,
  WhoseArgs,
} from "../request/inputs.js";
import * as operations from "../request/operations.js";
import { userOutput } from "../request/outputs.js";
import type { AppRouter, AuthProcedures, AuthRouter, RefreshOutput, TokenAuthOutput } from "./auth-router-types.js";
import { createTrpc } from "./trpc.js";

// All are public: who may is a matter of the credentials in their arguments, or the account service asks whose they are.
const { router, publicProcedure, publicOperation } = createTrpc();

/** The auth operations. They have no state: the auth service comes with the context. */
const procedures = {
  tokenAuth: publicOperation.input(inputOf(TokenAuthArgs)).mutation(async ({ input, ctx }) => {
    const obtained = await operations.tokenAuth(input, ctx);
    return tokenAuthOutput(obtained, ctx);
  }),

  verifyToken: publicOperation
    .input(inputOf(VerifyTokenArgs))
    .mutation(({ input, ctx }) => operations.verifyToken(input, ctx)),

  // A tRPC client receives every field, so a refresh token is rotated at each refresh.
  refreshToken: publicOperation
    .input(inputOf(RefreshTokenArgs))
    .mutation(async ({ input, ctx }) =>
      refreshOutput(await operations.refreshToken(input, ctx, { successor: true }), ctx),
    ),

  revokeToken: publicOperation
    .input(inputOf(RevokeTokenArgs))
    .mutation(({ input, ctx }) => operations.revokeToken(input, ctx)),

  deleteTokenCookie: publicOperation.mutation(({ ctx }) => operations.deleteTokenCookie(ctx)),

  deleteRefreshTokenCookie: publicOperation.mutation(({ ctx }) => operations.deleteRefreshTokenCookie(ctx)),

  setPassword: publicProcedure.input(inputOf(SetPasswordArgs)).mutation(async ({ input, ctx }) => {
    const obtained = await operations.setPassword(input, ctx);
    return tokenAuthOutput(obtained, ctx);
  }),

  sessions: publicProcedure.input(inputOf(WhoseArgs)).query(({ input, ctx }) => ctx.account.sessions(ctx, input)),

  revokeSession: publicProcedure
    .input(inputOf(RevokeSessionArgs))
    .mutation(({ input, ctx }) => ctx.account.revokeSession(ctx, input)),

  revokeOtherSessions: publicProcedure.mutation(({ ctx }) => ctx.account.revokeOtherSessions(ctx)),

  revokeAllSessions: publicProcedure
    .input(inputOf(WhoseArgs))
    .mutation(({ input, ctx }) => operations.revokeAllSessions(input, ctx)),

  sessionEvents: publicProcedure.subscription(({ ctx }) => operations.sessionEvents(ctx)),

  renewConnection: publicOperation
    .input(inputOf(RenewConnectionArgs))
    .mutation(({ input, ctx }) => operations.renewConnection(input, ctx)),

  me: publicProcedure
    .use(async ({ ctx, getRawInput, next }) => {
      const { allowArgument, argumentName } = ctx.auth.settings;
      // As the field in GraphQL: a token that is overlooked would be answered with somebody else.
      assertAtMostText(await getRawInput(), allowArgument ? argumentName : undefined);
      return next();
    })
    .query(({ ctx: { user, auth } }) => user && userOutput(user, auth.settings.usernameField)),
} satisfies AuthProcedures;

// The types that clients compile against do not say what the context is: that would drag the whole server after it.

/** The auth operations as a router. */
export const authRouter = router(procedures) as unknown as AuthRouter;

/** The router of the bundled server. */
export const appRouter = router({ auth: procedures }) as unknown as AppRouter;

function tokenAuthOutput(answer: ObtainedToken<AuthUser>, context: AuthContext): TokenAuthOutput {
  const user = userOutput(answer.user, context.auth.settings.usernameField);
  return Object.assign(refreshOutput(answer, context), { user });
}

/**
 * With `hideTokenFields` tokens travel in cookies alone: the properties are missing, as the fields are in GraphQL. Clients
 * compile against `HiddenTokenAppRouter` then.
 */
function refreshOutput(answer: RefreshedToken, { auth }: AuthContext): RefreshOutput {
  const { payload, refreshExpiresIn, token, refreshToken } = answer;
  const shown: Partial<RefreshOutput> = { payload, refreshExpiresIn };
  if (auth.settings.hideTokenFields) return shown as RefreshOutput;
  return { token, payload, refreshExpiresIn, ...(refreshToken !== undefined && { refreshToken }) };
}
