import type { JsonWebTokenError } from "../errors.js";
import type { HttpResponse } from "../http-response.js";
import type { RequestInfo } from "../request-info.js";

/** Answers a request whose token is not acceptable, by default with 401. A `TokenExpiredError` tells an expired token from others. */
export type UnauthorizedResponseHandler = (
  request: RequestInfo,
  error: JsonWebTokenError,
) => HttpResponse | Promise<HttpResponse>;

/** The built-in handlers, chosen by name: structured JSON, or plain text. */
export const BUILT_IN_RESPONSE_HANDLERS = ["jsonResponseHandler", "httpResponseHandler"] as const;

/** The name of a built-in `UnauthorizedResponseHandler`. */
export type BuiltInResponseHandler = (typeof BUILT_IN_RESPONSE_HANDLERS)[number];
