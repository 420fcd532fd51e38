import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import type { AuthUser } from "../auth-user.js";
import type { Auth } from "../create-auth.js";
import { AuthError, type ErrorCode, HTTP_STATUS, JsonWebTokenError, ServiceUnavailableError } from "../errors.js";
import { requestInfo } from "./authentication.js";
import { TRPC_PATH } from "./paths.js";

/** An error of the HTTP layer, for the client: too large, wrong type, no such page. */
export class HttpError extends AuthError {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** What Fastify's own errors are called in our table, by their status. */
const BY_STATUS: Readonly<Record<number, HttpError>> = {
  400: new HttpError("BAD_REQUEST", "The request is malformed"),
  404: new HttpError("NOT_FOUND", "There is nothing at this address"),
  405: new HttpError("METHOD_NOT_ALLOWED", "This method is not allowed here"),
  413: new HttpError("PAYLOAD_TOO_LARGE", "The request body is too large"),
  414: new HttpError("URI_TOO_LONG", "The URL is too long"),
  415: new HttpError("UNSUPPORTED_MEDIA_TYPE", "The Content-Type must be application/json"),
};

/** Answers a request that failed outside of GraphQL and tRPC: in tRPC's envelope on its path, as GraphQL errors elsewhere. */
export type ErrorSender = (request: FastifyRequest, reply: FastifyReply, error: unknown) => Promise<FastifyReply>;

export function errorSender<TUser extends AuthUser>(auth: Auth<TUser>): ErrorSender {
  return async (request, reply, error) => {
    const known = asAuthError(error) ?? error;
    if (known instanceof JsonWebTokenError) request.log.info({ code: known.code }, "a bad token was refused");
    if (known instanceof ServiceUnavailableError) request.log.warn({ err: known }, "a request could not be served");
    const { status, headers, body } = await auth.errorResponse({
      request: requestInfo(request),
      error: known,
      trpc: isTrpcUrl(request.url),
      onInternalError: (cause) => request.log.error({ err: cause }, "a request failed"),
    });
    return reply.code(status).headers(headers).send(body);
  };
}

/** Whether a URL is of the tRPC face. */
function isTrpcUrl(url: string | undefined): boolean {
  return url === TRPC_PATH || url?.startsWith(`${TRPC_PATH}/`) === true || url?.startsWith(`${TRPC_PATH}?`) === true;
}

/** The error of our table with this status. */
export function httpError(status: keyof typeof BY_STATUS): HttpError {
  return BY_STATUS[status] ?? new HttpError("BAD_REQUEST", "The request is malformed");
}

function asAuthError(error: unknown): AuthError | undefined {
  if (error instanceof AuthError) return error;
  const { statusCode = 500, code } = error as Partial<FastifyError>;
  // Fastify's own errors are the client's doing; any other error with a status is not ours to show.
  if (!code?.startsWith("FST_") || statusCode >= 500) return undefined;
  return httpError(statusCode in BY_STATUS ? statusCode : 400);
}

/** The statuses of requests that the HTTP parser refuses before there is a request (RFC 9110, 15.5.1; RFC 6585, 5). */
export function parserErrorAnswer(code: string | undefined): string {
  const [status, reason] =
    code === "HPE_HEADER_OVERFLOW" ? [431, "Request Header Fields Too Large"] : [400, "Bad Request"];
  const errorCode: ErrorCode = status === 431 ? "REQUEST_HEADER_FIELDS_TOO_LARGE" : "BAD_REQUEST";
  const message = status === 431 ? "The request headers are too large" : "The request is malformed";
  const body = JSON.stringify({ errors: [{ message, extensions: { code: errorCode } }] });
  const headers = `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}`;
  return `HTTP/1.1 ${HTTP_STATUS[errorCode]} ${reason}\r\n${headers}\r\nconnection: close\r\n\r\n${body}`;
}
