import type { AuthService } from "../auth/auth-service.js";
import type { AuthUser } from "../auth-user.js";
import type { RequestInfo } from "../request-info.js";
import type { AuthContext } from "./context.js";
import { tokenFromHeader } from "./credentials.js";

/**
 * Turns a request into a context.
 *
 * @param user a user whom the host application has authenticated already: then no token is looked at
 * @throws JsonWebTokenError for a token that must not be accepted: answer it with `unauthorizedResponse`, whatever the URL
 */
export async function authenticate<TUser extends AuthUser>(
  auth: AuthService<TUser>,
  request: RequestInfo,
  user: TUser | null = null,
): Promise<AuthContext<TUser>> {
  if (user) return { user, payload: null, request, auth };
  const token = tokenFromHeader(request, auth.settings);
  if (token === null) return { user: null, payload: null, request, auth };
  const identity = await auth.identify(token, request);
  const payload = identity.user && identity.payload;
  return { user: identity.user, payload, request, auth };
}
