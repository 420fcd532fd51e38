import type { AccountOperations } from "../auth/account-operations.js";
import type { AuthService } from "../auth/auth-service.js";
import type { AuthUser } from "../auth-user.js";
import type { Connections } from "../auth/connections.js";
import type { Clock } from "../clock.js";
import { JsonWebTokenError } from "../errors.js";
import type { RequestInfo } from "../request-info.js";
import type { AuthContext } from "./context.js";
import { CookieJar } from "./cookies/cookie-jar.js";
import { assertNotForged } from "./cookies/csrf.js";
import { tokenFromHeader } from "./credentials.js";

/** What the context of a request is made of. */
export interface Services<TUser extends AuthUser> {
  readonly auth: AuthService<TUser>;
  readonly account: AccountOperations;
  readonly clock: Clock;
  readonly connections: Connections;
}

/**
 * Turns a request into a context. A token in the header wins over one in a cookie.
 *
 * @param user a user whom the host application has authenticated already, active or not: no token is looked at then
 * @throws JsonWebTokenError for a token in the header that must not be accepted: answer it with `unauthorizedResponse`
 * @throws CsrfError for a request that a browser may have sent on behalf of another site: its answer sets `setCookies`, as
 *   `errorResponse` does
 */
export async function authenticate<TUser extends AuthUser>(
  { auth, account, clock, connections }: Services<TUser>,
  request: RequestInfo,
  user: TUser | null = null,
): Promise<AuthContext<TUser>> {
  const cookies = auth.settings.cookies ? new CookieJar(auth.settings, clock, request) : null;
  const contextOf = ({ user: whose, payload }: Authenticated<TUser>): AuthContext<TUser> => ({
    user: whose,
    payload: whose && payload,
    request,
    auth,
    account,
    cookies,
    connections,
    connection: null,
    operation: null,
  });
  const fromHeader = tokenFromHeader(request, auth.settings);
  // Another site cannot set a header of its own; cookies alone need the proof.
  if (cookies && fromHeader === null) assertNotForged(request, cookies, auth.settings);

  if (user) return contextOf({ user, payload: null });
  if (fromHeader !== null) return contextOf(await auth.identify(fromHeader, request));
  return contextOf(cookies ? await identifyByCookie(auth, cookies, request) : ANONYMOUS);
}

/** Whom a request is of, and by what token. */
type Authenticated<TUser extends AuthUser> = Pick<AuthContext<TUser>, "user" | "payload">;

const ANONYMOUS = { user: null, payload: null } as const;

/**
 * A bad token in a cookie is dropped, and the request is anonymous: the browser sends it by itself, and no script could
 * delete it, so that a refusal would lock the person out of the login page too.
 */
async function identifyByCookie<TUser extends AuthUser>(
  auth: AuthService<TUser>,
  cookies: CookieJar,
  request: RequestInfo,
): Promise<Authenticated<TUser>> {
  if (cookies.sent.token === undefined) return ANONYMOUS;
  try {
    return await auth.identify(cookies.sent.token, request);
  } catch (error) {
    if (!(error instanceof JsonWebTokenError)) throw error;
    cookies.dropToken();
    return ANONYMOUS;
  }
}
