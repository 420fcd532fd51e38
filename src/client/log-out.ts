import type { AuthApi } from "./auth-api.js";
import { AuthClientError } from "./auth-client-error.js";
import type { LogoutResult } from "./auth-client.js";
import type { Exclusively } from "./refresher.js";
import type { SessionKeeper } from "./session-keeper.js";

/** Ends the session here at once, then on the server: after a refresh that may be under way, or it would bring cookies back. */
export async function logOut(api: AuthApi, keeper: SessionKeeper, exclusively: Exclusively): Promise<LogoutResult> {
  const { stored, cookies } = keeper;
  if (stored) keeper.loggedOut();
  try {
    if (stored?.refreshToken !== undefined) await exclusively(() => api.revoke(stored));
    else if (cookies) await exclusively(() => revokeCookies(api));
    else return { revoked: false };
    return { revoked: true };
  } catch (error) {
    if (!(error instanceof AuthClientError)) throw error;
    // Somebody else was first: it is over.
    if (error.code === "INVALID_REFRESH_TOKEN") return { revoked: true };
    return { revoked: false, ...(error.code !== "TOKEN_REQUIRED" && { error }) };
  }
}

/** Cookies that are worth nothing any more are deleted as well, whatever the server says of the session. */
async function revokeCookies(api: AuthApi): Promise<void> {
  try {
    await api.revoke({});
  } finally {
    await api.deleteCookies();
  }
}
