import { execute, getOperationAST, GraphQLError, type GraphQLSchema, OperationTypeNode } from "graphql";
import { parseRequestParams, type RequestParams, type Response } from "graphql-http";
import type { ErrorCode } from "../errors.js";
import type { AuthContext } from "../request/context.js";
import { Documents } from "./documents.js";
import { formatError, shorten, type ShownError } from "./format-error.js";
import { hidesSuggestions, standingOf } from "./introspection-guard.js";
import {
  type Acceptance,
  acceptanceOf,
  badRequestResponse,
  type GraphQLHttpResponse,
  requestErrorResponse,
  resultResponse,
} from "./response.js";

/** An HTTP request for the GraphQL endpoint, from whatever server it is mounted in. */
export interface GraphQLHttpRequest {
  readonly method: string;
  /** With the query string. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body as text, or null without one. */
  readonly body: string | null;
}

/**
 * Answers a GraphQL request for an authenticated or anonymous context. Rejects never for anything that a client sends.
 * `onServerError` is told every error that is not the client's doing, for the log.
 */
export type GraphQLHandler = (
  request: GraphQLHttpRequest,
  context: AuthContext,
  onServerError: (error: unknown) => void,
) => Promise<GraphQLHttpResponse>;

/**
 * Makes the handler of the GraphQL endpoint, by the GraphQL-over-HTTP specification. Parsed and validated documents are
 * remembered, for each standing towards the introspection guard by itself.
 */
export function createGraphQLHandler(schema: GraphQLSchema): GraphQLHandler {
  const documents = new Documents(schema);

  return async (request, context, onServerError) => {
    const accepted = acceptanceOf(header(request, "accept"));
    if (!accepted) return notAcceptable();
    const params = await readParams(request);
    if ("status" in params) return params;

    const show = (error: GraphQLError): ShownError => formatError(error, onServerError);
    const standing = standingOf(context.user, context.auth.settings);
    const result = documents.get(params.query, standing);
    if ("errors" in result) return requestErrorResponse(result.errors.map(show), accepted);

    const operation = getOperationAST(result.document, params.operationName);
    if (!operation) return unknownOperation(params, accepted);
    if (operation.operation === OperationTypeNode.SUBSCRIPTION) return subscriptionsElsewhere();
    if (operation.operation === OperationTypeNode.MUTATION && request.method === "GET") return mutationByGet();

    const { data, errors } = await execute({
      schema,
      document: result.document,
      operationName: params.operationName ?? null,
      variableValues: params.variables ?? null,
      contextValue: context,
      hideSuggestions: hidesSuggestions(standing),
    });
    // An error of no field is one of the variables.
    const shown = errors?.map((error) => (error.path ? show(error) : withCode(show(error), "BAD_USER_INPUT")));
    return resultResponse({ ...(shown && { errors: shown }), data }, accepted);
  };
}

/** graphql-http reads the parameters; what it answers instead of them is an HTTP error of its own. */
async function readParams(request: GraphQLHttpRequest): Promise<RequestParams | GraphQLHttpResponse> {
  try {
    const params = await parseRequestParams({ ...request, headers: singleHeaders(request), raw: null, context: null });
    if (!isHttpAnswer(params)) return params;
    const [, { status, headers }] = params;
    const code = status === 405 ? "METHOD_NOT_ALLOWED" : "UNSUPPORTED_MEDIA_TYPE";
    const message = status === 405 ? "Only GET and POST are allowed" : "The Content-Type must be application/json";
    const response = badRequestResponse(status, code, message);
    return { ...response, headers: { ...response.headers, ...(headers as Record<string, string>) } };
  } catch (error) {
    return badRequestResponse(400, "BAD_REQUEST", (error as Error).message);
  }
}

function isHttpAnswer(params: RequestParams | Response): params is Response {
  return Array.isArray(params);
}

function header(request: GraphQLHttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : value?.join(",");
}

function singleHeaders(request: GraphQLHttpRequest): Record<string, string | undefined> {
  return { "content-type": header(request, "content-type") };
}

function unknownOperation({ operationName }: RequestParams, accepted: Acceptance): GraphQLHttpResponse {
  const message = operationName
    ? shorten(`Unknown operation named "${operationName}".`)
    : "Must provide operation name if query contains multiple operations.";
  return requestErrorResponse([withCode({ message, extensions: { code: "" } }, "BAD_REQUEST")], accepted);
}

/** Answered in JSON all the same: a client that cannot read it has the status (RFC 9110, section 15.5.7). */
function notAcceptable(): GraphQLHttpResponse {
  const message = "Answers are application/graphql-response+json or application/json";
  return badRequestResponse(406, "NOT_ACCEPTABLE", message);
}

function subscriptionsElsewhere(): GraphQLHttpResponse {
  return badRequestResponse(400, "BAD_REQUEST", "Subscriptions are not supported over this transport");
}

/** GraphQL over HTTP, section 5.2.1: GET must not change anything. */
function mutationByGet(): GraphQLHttpResponse {
  const response = badRequestResponse(405, "METHOD_NOT_ALLOWED", "Mutations are not allowed over GET");
  return { ...response, headers: { ...response.headers, allow: "POST" } };
}

function withCode(error: ShownError, code: ErrorCode): ShownError {
  return { ...error, extensions: { code } };
}
