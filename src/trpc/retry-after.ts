import { ServiceUnavailableError, TooManyRequestsError } from "../errors.js";

/**
 * The header `Retry-After` for an answer with these errors (RFC 9110, section 10.2.3): when all of a batch is worth
 * another try. For tRPC's `responseMeta: ({ errors }) => ({ headers: retryAfterHeader(errors) })`.
 */
export function retryAfterHeader(errors: readonly Error[]): Record<string, string> {
  const seconds = errors.map(({ cause }) => (isTemporary(cause) ? cause.retryAfter : 0));
  const longest = Math.max(0, ...seconds);
  return longest > 0 ? { "retry-after": String(longest) } : {};
}

function isTemporary(cause: unknown): cause is ServiceUnavailableError | TooManyRequestsError {
  return cause instanceof ServiceUnavailableError || cause instanceof TooManyRequestsError;
}
