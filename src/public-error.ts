import { AuthError, type ErrorCode, HTTP_STATUS } from "./errors.js";

/** What a client is told about an error: nothing but the code and message of our own errors. */
export interface PublicError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly status: number;
  /** Seconds, where the same request may be answered later. */
  readonly retryAfter?: number;
}

/** The one place that decides what a client may see of an error. */
export function publicError(error: unknown): PublicError {
  if (error instanceof AuthError) {
    const { retryAfter } = error.extensions;
    const shown = { code: error.code, message: error.message, status: HTTP_STATUS[error.code] };
    return retryAfter === undefined ? shown : { ...shown, retryAfter };
  }
  return { code: "INTERNAL_SERVER_ERROR", message: "Internal server error", status: 500 };
}
