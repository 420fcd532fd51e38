/** How long browsers are to insist on HTTPS, seconds: a year, the least of ASVS 5.0, 3.4.1. */
const HSTS_AGE = 31_536_000;

/**
 * Answers are data: nothing in one may load, run, be framed or be sent anywhere, should a browser take it for a page. A
 * route that does answer with a page sets a policy of its own instead.
 */
const CONTENT_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/**
 * Headers of every answer, and the defaults of a route. The id is that of the request's lines in the log. No answer of an
 * auth server belongs in a cache (RFC 6749, section 5.1; its `Pragma` is for caches older than HTTP/1.1, and RFC 9111
 * has dropped it), and none is what a browser guesses it to be.
 *
 * @param secure whether the request came over TLS, to us or to a proxy that is believed (RFC 6797, section 7.2)
 */
export function answerHeaders(requestId: string, secure = false): Record<string, string> {
  return {
    "x-request-id": requestId,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": CONTENT_POLICY,
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    ...(secure && { "strict-transport-security": `max-age=${HSTS_AGE}; includeSubDomains` }),
  };
}
