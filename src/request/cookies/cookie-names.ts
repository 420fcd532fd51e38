import type { JwtSettings } from "../../settings/jwt-settings.js";
import { CSRF_COOKIE_NAME } from "../../settings/transport-settings.js";

/** The names of the three cookies. */
export interface CookieNames {
  readonly token: string;
  readonly refreshToken: string;
  /** The one that scripts may read: its value has to come back in the header `X-CSRFToken`. */
  readonly csrf: string;
}

/**
 * The names as the settings and the profile have them. A hardened server adds the prefix that browsers hold the cookie's
 * attributes to (RFC 6265bis, section 4.1.3), as strict a one as path and domain allow.
 */
export function cookieNames(settings: JwtSettings): CookieNames {
  const prefix = prefixFor([settings.cookiePath], settings);
  return {
    token: prefix + settings.cookieName,
    refreshToken: prefixFor(refreshTokenPaths(settings), settings) + settings.refreshTokenCookieName,
    csrf: prefix + CSRF_COOKIE_NAME,
  };
}

/** The paths that the refresh token's cookie is set for, once each: a cookie has one (RFC 6265, section 4.1.2.4). */
export function refreshTokenPaths({ refreshTokenCookiePath, cookiePath }: JwtSettings): readonly string[] {
  return refreshTokenCookiePath.length > 0 ? [...new Set(refreshTokenCookiePath)] : [cookiePath];
}

function prefixFor(paths: readonly string[], { profile, cookieSecure, cookieDomain }: JwtSettings): string {
  if (profile !== "hardened" || !cookieSecure) return "";
  return paths.every((path) => path === "/") && cookieDomain === undefined ? "__Host-" : "__Secure-";
}
