import { createHash, timingSafeEqual } from "node:crypto";

import { CsrfError } from "../../errors.js";
import { headerValue, type RequestInfo } from "../../request-info.js";
import type { JwtSettings } from "../../settings/jwt-settings.js";
import type { CookieJar } from "./cookie-jar.js";

/** The header that a page of ours copies the CSRF cookie into; the name that clients of Django know. */
const CSRF_HEADER = "x-csrftoken";

/** Methods that change nothing (RFC 9110, section 9.2.1), and so need no more than a sign of where the request comes from. */
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Headers that a page of another site cannot set without asking first (CORS): what clients of Apollo and tRPC send, and
 * ours. That they are there is enough.
 */
const PREFLIGHTED_HEADERS = [
  CSRF_HEADER,
  "graphql-require-preflight",
  "apollo-require-preflight",
  "graphql-preflight",
  "x-apollo-operation-name",
  "trpc-accept",
  "x-trpc-source",
  "x-requested-with",
];

const GET_REMEDY = "send the header GraphQL-Require-Preflight or X-Requested-With with GET requests";

/** What browsers say of requests by a page of ours, and by the person alone (Fetch Metadata, section 2.3). */
const OWN_SITES = new Set(["same-origin", "none"]);

/**
 * Refuses a request that a browser sent with our cookies on behalf of another site: a page there can neither read the
 * CSRF cookie nor set a header of its own.
 *
 * Token cookies whose CSRF cookie is lost are deleted: they would lock the person out, since not even a login would
 * pass. No other site can bring that about, because a browser sends all of our cookies or none.
 *
 * A request that changes nothing needs no CSRF cookie, and with `requirePreflight` a sign that no other site sent it.
 *
 * @throws CsrfError with the cookies that its answer has to set
 */
export function assertNotForged(
  request: RequestInfo,
  cookies: CookieJar,
  { requirePreflight }: Pick<JwtSettings, "requirePreflight">,
): void {
  const { token, refreshToken, csrf } = cookies.sent;
  if (token === undefined && refreshToken === undefined) return;
  if (request.method !== undefined && SAFE_METHODS.has(request.method)) {
    if (requirePreflight && !isOwn(request)) throw new CsrfError([], GET_REMEDY);
    return;
  }
  if (csrf === undefined) {
    cookies.deleteToken();
    cookies.deleteRefreshToken();
    throw new CsrfError(cookies.setCookieHeaders());
  }
  const proof = headerValue(request, CSRF_HEADER);
  if (proof === undefined || !isSame(proof, csrf)) throw new CsrfError();
}

/** Without it another site learns from the time, or the size, that an answer to our user takes what is in it. */
function isOwn(request: RequestInfo): boolean {
  if (request.isOwnOrigin) return true;
  if (OWN_SITES.has(headerValue(request, "sec-fetch-site") ?? "")) return true;
  return PREFLIGHTED_HEADERS.some((name) => headerValue(request, name) !== undefined);
}

/** In constant time, whatever the lengths. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
