import { parseCookie } from "cookie";

import { headerValue, type RequestInfo } from "../../request-info.js";
import type { JwtSettings } from "../../settings/jwt-settings.js";
import { cookieNames } from "./cookie-names.js";

/** The cookies of a request that are ours; undefined for each that it did not send. */
export interface RequestCookies {
  readonly token: string | undefined;
  readonly refreshToken: string | undefined;
  readonly csrf: string | undefined;
}

/** Reads our cookies of a request. */
export function requestCookies(request: RequestInfo, settings: JwtSettings): RequestCookies {
  const cookies = parseCookie(headerValue(request, "cookie") ?? "");
  const names = cookieNames(settings);
  // An empty cookie is one that is being deleted.
  return {
    token: cookies[names.token] || undefined,
    refreshToken: cookies[names.refreshToken] || undefined,
    csrf: cookies[names.csrf] || undefined,
  };
}
