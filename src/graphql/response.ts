import { type ErrorCode, HTTP_STATUS, ServiceUnavailableError } from "../errors.js";
import { type PublicError } from "../public-error.js";
import type { HttpResponse } from "../http-response.js";
import type { ShownError } from "./format-error.js";

/** How the client wants its answer (GraphQL over HTTP, section 6.1 and 6.3). */
export interface Acceptance {
  readonly mediaType: "application/graphql-response+json" | "application/json";
  /** The client named `application/json`, and so expects 200 for every well-formed request. */
  readonly legacy: boolean;
}

const CONTENT_TYPES: Readonly<Record<Acceptance["mediaType"], string>> = {
  "application/graphql-response+json": "application/graphql-response+json; charset=utf-8",
  "application/json": "application/json; charset=utf-8",
};

/** Of a client that names nothing in particular. */
const ANYTHING: Acceptance = { mediaType: "application/json", legacy: false };

/** What the `Accept` header asks for, or null if it takes neither media type. No header means anything. */
export function acceptanceOf(accept: string | undefined): Acceptance | null {
  if (!accept || accept === "*/*") return ANYTHING;
  for (const range of accept.toLowerCase().split(",")) {
    const type = acceptedType(range);
    if (type === "application/graphql-response+json") return { mediaType: type, legacy: false };
    if (type === "application/json") return { mediaType: type, legacy: true };
    // Until the specification's watershed an unspecific client gets application/json, with statuses that mean something.
    if (type === "application/*" || type === "*/*") return ANYTHING;
  }
  return null;
}

/** Whether an `Accept` header asks for an event stream, and would not take JSON. */
export function acceptsEventStreamOnly(accept: string): boolean {
  // Nearly all requests want JSON, and are not to pay for this.
  if (!/text\/event-stream/i.test(accept) || acceptanceOf(accept)) return false;
  return accept
    .toLowerCase()
    .split(",")
    .some((range) => acceptedType(range) === "text/event-stream");
}

/** The media type of one range; null if the client does not take it, or not as we write it. */
function acceptedType(range: string): string | null {
  const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
  if (parameters.some((parameter) => /^charset=(?!"?utf-?8"?$)/.test(parameter))) return null;
  return parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) ? null : type;
}

/** What an execution came to, formatted for the client. */
export interface ShownResult {
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors?: readonly ShownError[];
}

/**
 * The answer to an executed operation. Once there is any data it is 200; if there is none and the reason is that the
 * input is bad, that there were too many attempts or that the server failed, the operation as a whole failed: `data` is
 * left out, as the specification wants it with any other status (section 6.4.2).
 */
export function resultResponse(result: ShownResult, accepted: Acceptance): HttpResponse {
  const { data, errors } = result;
  if (data === undefined) return requestErrorResponse(errors ?? [], accepted);
  if (!errors) return json(200, result, accepted);
  const status = failureStatus(result);
  return status === undefined ? json(200, result, accepted) : json(status, { errors }, accepted);
}

/** The answer to a request that could not be executed: bad syntax, an unknown field, a variable of the wrong type. */
export function requestErrorResponse(errors: readonly ShownError[], accepted: Acceptance): HttpResponse {
  return json(accepted.legacy ? 200 : 400, { errors }, accepted);
}

/** The answer to a request that is no GraphQL request, or ends before it is looked at as one, whatever it accepts. */
export function errorAnswer({ status, code, message, retryAfter }: PublicError): HttpResponse {
  const accepted: Acceptance = { mediaType: "application/json", legacy: true };
  const extensions = { code, ...(retryAfter !== undefined && { retryAfter }) };
  return json(status, { errors: [{ message, extensions }] }, accepted);
}

function failureStatus({ data, errors = [] }: ShownResult): number | undefined {
  if (Object.values(data ?? {}).some((value) => value !== null)) return undefined;
  const statuses = errors.map(({ extensions }) => HTTP_STATUS[extensions.code as ErrorCode] ?? 200);
  const limited = statuses.find((status) => status === 429);
  return statuses.find((status) => status >= 500) ?? limited ?? (errors.some(isBadInput) ? 400 : undefined);
}

function isBadInput({ extensions }: ShownError): boolean {
  return extensions.code === "BAD_USER_INPUT";
}

function json(status: number, body: ShownResult, { mediaType }: Acceptance): HttpResponse {
  const seconds = secondsToWait(status, body);
  const headers: Record<string, string> = {
    "content-type": CONTENT_TYPES[mediaType],
    // There may be a token in it (RFC 6749, section 5.1), and whose answer it is the cache would have to know.
    "cache-control": "no-store",
  };
  if (seconds !== undefined) headers["retry-after"] = String(seconds);
  return { status, headers, body: JSON.stringify(body) };
}

/** When the whole request is worth another try: once all of it is. */
function secondsToWait(status: number, { errors = [] }: ShownResult): number | undefined {
  if (status === 503) return new ServiceUnavailableError().retryAfter;
  const seconds = errors.flatMap(({ extensions }) => extensions.retryAfter ?? []);
  return status === 429 && seconds.length > 0 ? Math.max(...seconds) : undefined;
}
