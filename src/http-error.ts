import { AuthError, type ErrorCode, HTTP_STATUS } from "./errors.js";

/** An error of the HTTP layer, for the client: too large, wrong type, no such page. */
export class HttpError extends AuthError {
  /** @param status by default that of the code */
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly status: number = HTTP_STATUS[code],
  ) {
    super(message);
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

/** What the frameworks of host applications and their middlewares refuse beside that. */
const OF_HOSTS: Readonly<Record<number, HttpError>> = {
  401: new HttpError("UNAUTHENTICATED", "The request is not authenticated"),
  403: new HttpError("FORBIDDEN", "The request is not allowed"),
  406: new HttpError("NOT_ACCEPTABLE", "There is no answer of an accepted type"),
  429: new HttpError("TOO_MANY_REQUESTS", "Too many requests, please try again later"),
};

/** The error with this status; for one that the table does not have, that of a malformed request. */
export function httpError(status: number): HttpError {
  return BY_STATUS[status] ?? BAD_REQUEST;
}

/** What an error says of itself by the conventions of Express, Koa and Fastify. */
interface StatusError {
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly expose?: unknown;
  readonly code?: unknown;
}

/**
 * The error of a framework that is the client's doing, as ours: its status stays, its message, which can repeat a piece of
 * the body, does not. Undefined for any other error.
 */
export function refusalOfFramework(error: unknown): HttpError | undefined {
  if (!(error instanceof Error) || error instanceof AuthError) return undefined;
  const { status, statusCode = status, expose } = error as StatusError;
  const isRefusal = Number.isInteger(statusCode) && Number(statusCode) >= 400 && Number(statusCode) < 500;
  if (!isRefusal || expose === false) return undefined;
  const known = Number(statusCode);
  return BY_STATUS[known] ?? OF_HOSTS[known] ?? new HttpError("BAD_REQUEST", "The request was refused", known);
}

/** Whether the framework says that this is meant for the client: other errors with a status may come from anywhere. */
export function isMeantForClients(error: unknown): boolean {
  const { expose, code } = error as StatusError;
  return expose === true || (typeof code === "string" && code.startsWith("FST_"));
}
