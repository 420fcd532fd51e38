import type { RefreshedToken } from "../auth/auth-operations.js";
import { inputOf } from "../request/input-schema.js";
import { RefreshTokenArgs, RevokeTokenArgs, TokenAuthArgs, VerifyTokenArgs } from "../request/inputs.js";
import { userOutput } from "../request/outputs.js";
import type { AppRouter, AuthProcedures, AuthRouter, RefreshOutput } from "./auth-router-types.js";
import { createTrpc } from "./trpc.js";

const { router, procedure } = createTrpc();

/** The auth operations. They have no state: the auth service comes with the context. */
const procedures = {
  tokenAuth: procedure.input(inputOf(TokenAuthArgs)).mutation(async ({ input, ctx: { auth, request } }) => {
    const obtained = await auth.tokenAuth(input, request);
    return { ...refreshOutput(obtained), user: userOutput(obtained.user, auth.settings.usernameField) };
  }),

  verifyToken: procedure
    .input(inputOf(VerifyTokenArgs))
    .mutation(({ input, ctx: { auth, request } }) => auth.verifyToken(input, request)),

  // A tRPC client receives every field, so a refresh token is rotated at each refresh.
  refreshToken: procedure
    .input(inputOf(RefreshTokenArgs))
    .mutation(async ({ input, ctx: { auth, request } }) => refreshOutput(await auth.refreshToken(input, request))),

  revokeToken: procedure
    .input(inputOf(RevokeTokenArgs))
    .mutation(({ input, ctx: { auth, request } }) => auth.revokeToken(input, request)),

  me: procedure.query(({ ctx: { user, auth } }) => user && userOutput(user, auth.settings.usernameField)),
} satisfies AuthProcedures;

// The types that clients compile against do not say what the context is: that would drag the whole server after it.

/** The auth operations as a router. */
export const authRouter = router(procedures) as unknown as AuthRouter;

/** The router of the bundled server. */
export const appRouter = router({ auth: procedures }) as unknown as AppRouter;

function refreshOutput({ token, payload, refreshExpiresIn, refreshToken }: RefreshedToken): RefreshOutput {
  return { token, payload, refreshExpiresIn, ...(refreshToken !== undefined && { refreshToken }) };
}
