import { createHash, timingSafeEqual } from "node:crypto";

import { CsrfError } from "../../errors.js";
import { headerValue, type RequestInfo } from "../../request-info.js";
import type { RequestCookies } from "./request-cookies.js";

/** The header that a page of ours copies the CSRF cookie into; the name that clients of Django know. */
const CSRF_HEADER = "x-csrftoken";

/** Methods that change nothing (RFC 9110, section 9.2.1), and so need no proof of where the request comes from. */
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a request that a browser sent with our cookies on behalf of another site: a page there can neither read the
 * CSRF cookie nor set a header of its own.
 *
 * @throws CsrfError
 */
export function assertNotForged(request: RequestInfo, cookies: RequestCookies): void {
  if (SAFE_METHODS.has(request.method ?? "GET")) return;
  if (cookies.token === undefined && cookies.refreshToken === undefined) return;
  const sent = headerValue(request, CSRF_HEADER);
  if (sent === undefined || cookies.csrf === undefined || !isSame(sent, cookies.csrf)) throw new CsrfError();
}

/** In constant time, whatever the lengths. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
