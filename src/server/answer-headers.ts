/**
 * Headers of every answer. The id is that of the request's lines in the log. No answer of an auth server belongs in a
 * cache (RFC 6749, section 5.1), and none is what a browser guesses it to be.
 */
export function answerHeaders(requestId: string): Record<string, string> {
  return { "x-request-id": requestId, "cache-control": "no-store", "x-content-type-options": "nosniff" };
}
