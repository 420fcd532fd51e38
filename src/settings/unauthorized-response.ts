import type { JsonWebTokenError } from "../errors.js";
import type { RequestInfo } from "../request-info.js";

/** The HTTP answer to a request whose token is not acceptable. */
export interface UnauthorizedResponse {
  /** HTTP status, by default 401. */
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Answers a request whose token is not acceptable. A `TokenExpiredError` tells an expired token from others. */
export type UnauthorizedResponseHandler = (
  request: RequestInfo,
  error: JsonWebTokenError,
) => UnauthorizedResponse | Promise<UnauthorizedResponse>;

/** The built-in handlers, chosen by name: structured JSON, or plain text. */
export const BUILT_IN_RESPONSE_HANDLERS = ["jsonResponseHandler", "httpResponseHandler"] as const;

/** The name of a built-in `UnauthorizedResponseHandler`. */
export type BuiltInResponseHandler = (typeof BUILT_IN_RESPONSE_HANDLERS)[number];
