import type { HttpResponse } from "../http-response.js";

/** How long browsers are to insist on HTTPS, seconds: a year, the least of ASVS 5.0, 3.4.1. */
const HSTS_AGE = 31_536_000;

/**
 * Answers are data: nothing in one may load, run, be framed or be sent anywhere, should a browser take it for a page. A
 * route that does answer with a page sets a policy of its own instead.
 */
const CONTENT_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

const HSTS = { "strict-transport-security": `max-age=${HSTS_AGE}; includeSubDomains` };

/**
 * The same in every answer. No answer of an auth server belongs in a cache (RFC 6749, section 5.1; its `Pragma` is for
 * caches older than HTTP/1.1, and RFC 9111 has dropped it), and none is what a browser guesses it to be.
 */
const FIXED_HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": CONTENT_POLICY,
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/**
 * Headers of every answer, and the defaults of a route. The id is that of the request's lines in the log.
 *
 * @param secure whether the request came over TLS, to us or to a proxy that is believed (RFC 6797, section 7.2)
 */
export function answerHeaders(requestId: string, secure = false): Record<string, string> {
  return { "x-request-id": requestId, ...FIXED_HEADERS, ...(secure && HSTS) };
}

const FIXED_LIST: readonly string[] = Object.entries(FIXED_HEADERS).flat();

const HSTS_LIST: readonly string[] = Object.entries(HSTS).flat();

/** Where the values of headers stand that an answer may replace. */
const PLACES: ReadonlyMap<string, number> = new Map(
  Object.keys(FIXED_HEADERS).map((name, index) => [name, 2 * index + 3]),
);

/** What else there is to know about an answer. */
export interface Answered {
  readonly isSecure: boolean;
  /** Names and values: of those there are, `vary` is the first. */
  readonly cors: readonly string[];
}

/** The same with those of an answer, as a list of names and values: what Node writes fastest. */
export function headerList(
  requestId: string,
  headers: HttpResponse["headers"],
  { isSecure, cors }: Answered,
): string[] {
  const list = ["x-request-id", requestId, ...FIXED_LIST];
  if (isSecure) list.push(...HSTS_LIST);
  const vary = list.length + 1;
  if (cors.length > 0) list.push(...cors);
  for (const name in headers) {
    const value = headers[name];
    const place = PLACES.get(name);
    if (place !== undefined) list[place] = String(value); // Of several the list, with commas (RFC 9110, section 5.3).
    else if (typeof value !== "string") for (const one of value ?? []) list.push(name, one);
    else if (name === "vary" && cors.length > 0) list[vary] = `${value}, ${list[vary]}`;
    else list.push(name, value);
  }
  return list;
}
