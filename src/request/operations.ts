import type { ObtainedToken, RefreshedToken } from "../auth/auth-operations.js";
import type { SessionEvent } from "../auth/logout.js";
import { type AuthUser, naturalKeyIn } from "../auth-user.js";
import { NotSupportedError, UnauthenticatedError } from "../errors.js";
import type { JwtPayload } from "../settings/handlers.js";
import type { AuthContext } from "./context.js";
import type {
  RefreshTokenArgs,
  RenewConnectionArgs,
  RevokeTokenArgs,
  SetPasswordArgs,
  TokenAuthArgs,
  VerifyTokenArgs,
  WhoseArgs,
} from "./inputs.js";

/*
 * The operations as a request makes them, for both faces: where an argument is missing the cookie stands in, and what is
 * handed out goes into cookies too. Without cookies they are the auth service's own.
 */

/** Logs in. */
export async function tokenAuth(args: TokenAuthArgs, context: AuthContext): Promise<ObtainedToken<AuthUser>> {
  assertTokensArrive(context);
  const obtained = await context.auth.tokenAuth(args, context.request);
  context.cookies?.issue(obtained);
  return obtained;
}

/** Verifies an access token. */
export function verifyToken(args: VerifyTokenArgs, context: AuthContext): Promise<{ payload: JwtPayload }> {
  return context.auth.verifyToken({ token: args.token ?? context.cookies?.current.token ?? null }, context.request);
}

/**
 * Refreshes.
 *
 * @param wanted whether the client will receive a new refresh token in the body
 */
export async function refreshToken(
  args: RefreshTokenArgs,
  context: AuthContext,
  wanted: { successor: boolean },
): Promise<RefreshedToken> {
  assertTokensArrive(context);
  const { auth, cookies, request } = context;
  const given = {
    token: args.token ?? cookies?.current.token ?? null,
    refreshToken: args.refreshToken ?? cookies?.current.refreshToken ?? null,
  };
  // A client that sent its cookie takes the next one from there; any other would lose what it does not select.
  const fromCookie = (args.refreshToken ?? null) === null;
  const refreshed = await auth.refreshToken(given, request, { successor: wanted.successor || fromCookie });
  cookies?.issue(refreshed);
  return refreshed;
}

/** Ends a session. Its refresh token is worth nothing then, so the cookie goes too. */
export async function revokeToken(args: RevokeTokenArgs, context: AuthContext): Promise<{ revoked: number }> {
  const { auth, cookies, request } = context;
  const given = args.refreshToken ?? cookies?.current.refreshToken ?? null;
  const revoked = await auth.revokeToken({ refreshToken: given }, request);
  if (given === cookies?.current.refreshToken) cookies?.deleteRefreshToken();
  return revoked;
}

/** Deletes the access token's cookie. Answers whether there was one. */
export function deleteTokenCookie({ cookies }: AuthContext): { deleted: boolean } {
  return { deleted: cookies?.deleteToken() ?? false };
}

/** Deletes the refresh token's cookie. Answers whether there was one. */
export function deleteRefreshTokenCookie({ cookies }: AuthContext): { deleted: boolean } {
  return { deleted: cookies?.deleteRefreshToken() ?? false };
}

/** Changes the password. The new session is the one that the client goes on with, so it goes into the cookies too. */
export async function setPassword(args: SetPasswordArgs, context: AuthContext): Promise<ObtainedToken<AuthUser>> {
  assertTokensArrive(context);
  const obtained = await context.account.setPassword(context, args);
  context.cookies?.issue(obtained);
  return obtained;
}

/** Ends all sessions; if they are one's own, the cookies of this one go too. */
export async function revokeAllSessions(args: WhoseArgs, context: AuthContext): Promise<{ count: number }> {
  const revoked = await context.account.revokeAllSessions(context, args);
  if (isOwn(args, context)) {
    context.cookies?.deleteToken();
    context.cookies?.deleteRefreshToken();
  }
  return revoked;
}

/** Lets a WebSocket go on with another access token. */
export function renewConnection({ token }: RenewConnectionArgs, context: AuthContext): Promise<RenewedConnection> {
  const { connection } = context;
  if (!connection) throw new NotSupportedError("a WebSocket");
  return connection.renew(token);
}

/** What `renewConnection` answers. */
export interface RenewedConnection {
  /** When the new token expires, Unix seconds; null if it does not. */
  readonly expires: number | null;
}

/** Tells the client that it is logged out, when it is. */
export function sessionEvents({ user, operation }: AuthContext): AsyncIterableIterator<SessionEvent> {
  if (!user) throw new UnauthenticatedError();
  if (!operation) throw new NotSupportedError("a WebSocket or an event stream");
  return operation.sessionEvents();
}

/** Cookies cannot be set over a socket: with hidden tokens the client would receive none at all. */
function assertTokensArrive({ auth, cookies }: AuthContext): void {
  if (cookies === null && auth.settings.hideTokenFields) {
    throw new NotSupportedError("an HTTP request, which is answered with cookies");
  }
}

function isOwn({ user: named }: WhoseArgs, { user, auth }: AuthContext): boolean {
  if (named === undefined || named === null || !user) return true;
  return naturalKeyIn(user, auth.settings.usernameField) === named;
}
