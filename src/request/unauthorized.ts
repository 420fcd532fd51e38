import { validateHeaderName, validateHeaderValue } from "node:http";
import { JsonWebTokenError, TokenExpiredError } from "../errors.js";
import type { HttpResponse } from "../http-response.js";
import type { RequestInfo } from "../request-info.js";
import { isRecord } from "../is-record.js";
import { HandlerError } from "../settings/handler-error.js";
import type { UnauthorizedResponseHandler } from "../settings/handlers.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { invalidTokenChallenge } from "./challenge.js";

/** What a client is told that sent a bad token: that it has expired, or nothing more than that it is invalid. */
export function unauthorizedError(error: JsonWebTokenError): JsonWebTokenError {
  if (error instanceof TokenExpiredError) return new TokenExpiredError("Token expired", { cause: error });
  return new JsonWebTokenError("Invalid token", { cause: error });
}

/** The built-in JSON answer, the one of strawberry-django-extras. */
export const jsonResponseHandler: UnauthorizedResponseHandler = (_request, error) => ({
  status: 401,
  headers: { "content-type": "application/json; charset=utf-8" },
  body: JSON.stringify({
    errors: [
      {
        message: unauthorizedError(error).message,
        code: "unauthorized",
        hint: "Either use Valid Token or make requests without token.",
      },
    ],
  }),
});

/** The built-in plain-text answer. */
export const httpResponseHandler: UnauthorizedResponseHandler = (_request, error) => ({
  status: 401,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: unauthorizedError(error).message,
});

const BUILT_IN = { jsonResponseHandler, httpResponseHandler };

/**
 * Answers a request whose token is bad, by the configured handler. A 401 names the scheme that would do, whatever the
 * handler is (RFC 9110, section 11.6.1).
 *
 * @throws HandlerError if a handler of one's own throws or answers no response
 */
export async function unauthorizedResponse(
  settings: JwtSettings,
  request: RequestInfo,
  error: JsonWebTokenError,
): Promise<HttpResponse> {
  const configured = settings.unauthorizedResponseHandler;
  const handler = typeof configured === "string" ? BUILT_IN[configured] : configured;
  const response: unknown = await HandlerError.wrap("unauthorizedResponseHandler", () => handler(request, error));
  if (!isResponse(response)) {
    throw new HandlerError("unauthorizedResponseHandler", "has to answer { status, headers, body }");
  }
  return {
    ...response,
    headers: { "www-authenticate": invalidTokenChallenge(settings), ...lowerCaseNames(response.headers) },
  };
}

/** Names of headers differ in nothing but case (RFC 9110, section 5.1); an object would hold both. */
function lowerCaseNames(headers: HttpResponse["headers"]): HttpResponse["headers"] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function isResponse(value: unknown): value is HttpResponse {
  return (
    isRecord(value) && isStatus(value["status"]) && isHeaders(value["headers"]) && typeof value["body"] === "string"
  );
}

/** A status of a final answer (RFC 9110, section 15). */
function isStatus(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599;
}

function isHeaders(value: unknown): boolean {
  return isRecord(value) && Object.entries(value).every(([name, content]) => isHeader(name, content));
}

/** One value or several, such as two cookies. */
function isHeader(name: string, content: unknown): boolean {
  return Array.isArray(content) ? content.every((one) => isHeaderLine(name, one)) : isHeaderLine(name, content);
}

function isHeaderLine(name: string, value: unknown): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value as string);
    return typeof value === "string";
  } catch {
    return false;
  }
}
