import { parseRequestParams, type RequestParams, type Response } from "graphql-http";
import { AuthError, type ErrorCode, HTTP_STATUS } from "../errors.js";
import { publicError } from "../public-error.js";
import type { HttpResponse } from "../http-response.js";
import { headerValue, type RequestInfo } from "../request-info.js";
import { type RequestBody, readBody } from "./read-body.js";
import { errorAnswer } from "./response.js";

/** What a request's body is once it is read: text, or the JSON value that it was parsed to. */
export type ReadBody = string | Record<string, unknown> | null;

/**
 * graphql-http reads the parameters; what it answers instead of them is an HTTP error of its own. It takes a POST with
 * `application/json` alone, which no form and no page of another site can send without asking first (CORS).
 */
export async function readParams(request: RequestInfo, body: ReadBody): Promise<RequestParams | HttpResponse> {
  try {
    const params = await parseRequestParams({
      method: request.method ?? "",
      url: request.url ?? "",
      headers: { "content-type": headerValue(request, "content-type") },
      body,
      raw: null,
      context: null,
    });
    return isHttpAnswer(params) ? httpRefusal(params) : params;
  } catch (error) {
    return refusal("BAD_REQUEST", messageOf(error));
  }
}

/** An answer to a request that is no GraphQL request, or one of another kind. */
export function refusal(code: ErrorCode, message: string): HttpResponse {
  return errorAnswer({ status: HTTP_STATUS[code], code, message });
}

function httpRefusal([, { status, headers }]: Response): HttpResponse {
  const response =
    status === 405
      ? refusal("METHOD_NOT_ALLOWED", "Only GET and POST are allowed")
      : refusal("UNSUPPORTED_MEDIA_TYPE", "The Content-Type must be application/json");
  return { ...response, headers: { ...response.headers, ...headers } };
}

function isHttpAnswer(params: RequestParams | Response): params is Response {
  return Array.isArray(params);
}

/** Reads a body, or says what to answer instead. */
export async function readOrRefuse(
  body: RequestBody,
): Promise<{ readonly body: ReadBody } | { readonly refused: HttpResponse }> {
  try {
    return { body: await readBody(body) };
  } catch (error) {
    if (error instanceof AuthError) return { refused: errorAnswer(publicError(error)) };
    return { refused: refusal("BAD_REQUEST", messageOf(error)) };
  }
}

/** A stream of the host application's own may fail with anything. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "The body cannot be read";
}
