import { createHash, timingSafeEqual } from "node:crypto";

import { CsrfError } from "../../errors.js";
import { headerValue, type RequestInfo } from "../../request-info.js";
import type { CookieJar } from "./cookie-jar.js";

/** The header that a page of ours copies the CSRF cookie into; the name that clients of Django know. */
const CSRF_HEADER = "x-csrftoken";

/** Methods that change nothing (RFC 9110, section 9.2.1), and so need no proof of where the request comes from. */
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a request that a browser sent with our cookies on behalf of another site: a page there can neither read the
 * CSRF cookie nor set a header of its own.
 *
 * Token cookies whose CSRF cookie is lost are deleted: they would lock the person out, since not even a login would
 * pass. No other site can bring that about, because a browser sends all of our cookies or none.
 *
 * @throws CsrfError with the cookies that its answer has to set
 */
export function assertNotForged(request: RequestInfo, cookies: CookieJar): void {
  const { token, refreshToken, csrf } = cookies.sent;
  if (request.method !== undefined && SAFE_METHODS.has(request.method)) return;
  if (token === undefined && refreshToken === undefined) return;
  if (csrf === undefined) {
    cookies.deleteToken();
    cookies.deleteRefreshToken();
    throw new CsrfError(cookies.setCookieHeaders());
  }
  const proof = headerValue(request, CSRF_HEADER);
  if (proof === undefined || !isSame(proof, csrf)) throw new CsrfError();
}

/** In constant time, whatever the lengths. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
