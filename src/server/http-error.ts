import { AuthError, type ErrorCode, HTTP_STATUS } from "../errors.js";

/** An error of the HTTP layer, for the client: too large, wrong type, no such page. */
export class HttpError extends AuthError {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }

  get status(): number {
    return HTTP_STATUS[this.code];
  }
}

const BAD_REQUEST = new HttpError("BAD_REQUEST", "The request is malformed");

/** A body that is compressed. */
export const UNSUPPORTED_ENCODING = new HttpError("UNSUPPORTED_MEDIA_TYPE", "The Content-Encoding must be identity");

/** What the HTTP layer refuses, by status. */
const BY_STATUS: Readonly<Record<number, HttpError>> = {
  400: BAD_REQUEST,
  404: new HttpError("NOT_FOUND", "There is nothing at this address"),
  405: new HttpError("METHOD_NOT_ALLOWED", "This method is not allowed here"),
  408: new HttpError("REQUEST_TIMEOUT", "The request took too long to arrive"),
  413: new HttpError("PAYLOAD_TOO_LARGE", "The request body is too large"),
  414: new HttpError("URI_TOO_LONG", "The URL is too long"),
  415: new HttpError("UNSUPPORTED_MEDIA_TYPE", "The Content-Type must be application/json"),
  431: new HttpError("REQUEST_HEADER_FIELDS_TOO_LARGE", "The request headers are too large"),
};

/** The error with this status; for one that the table does not have, that of a malformed request. */
export function httpError(status: number): HttpError {
  return BY_STATUS[status] ?? BAD_REQUEST;
}
