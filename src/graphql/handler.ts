import { execute, getOperationAST, GraphQLError, type GraphQLSchema, OperationTypeNode } from "graphql";
import { parseRequestParams, type RequestParams, type Response } from "graphql-http";
import { AuthError, type ErrorCode, HTTP_STATUS, publicError } from "../errors.js";
import type { HttpResponse } from "../http-response.js";
import type { AuthContext } from "../request/context.js";
import { headerValue, type RequestInfo } from "../request-info.js";
import { Documents } from "./documents.js";
import { formatError, shorten, type ShownError } from "./format-error.js";
import { hidesSuggestions, standingOf } from "./introspection-guard.js";
import { type RequestBody, readBody } from "./read-body.js";
import { type Acceptance, acceptanceOf, errorAnswer, requestErrorResponse, resultResponse } from "./response.js";

/** A request to the GraphQL endpoint, from whatever server it is mounted in. */
export interface GraphQLRequest {
  /** Its method, its URL with the query string, and its headers. */
  readonly request: RequestInfo;
  readonly body: RequestBody;
  /** What resolvers get: the context of `auth.context`, with properties of one's own beside it. */
  readonly context: AuthContext;
  /** Is told every error that is not the client's doing, for the log. */
  readonly onServerError: (error: unknown) => void;
}

/** Answers a GraphQL request. Never rejects for anything that a client sends. */
export type GraphQLHandler = (request: GraphQLRequest) => Promise<HttpResponse>;

/**
 * Makes the handler of the GraphQL endpoint, by the GraphQL-over-HTTP specification. Parsed and validated documents are
 * remembered, for each standing towards the introspection guard by itself.
 */
export function createGraphQLHandler(schema: GraphQLSchema): GraphQLHandler {
  const documents = new Documents(schema);

  return async ({ request, body, context, onServerError }) => {
    const accepted = acceptanceOf(header(request, "accept"));
    if (!accepted) return notAcceptable();
    const params = await readParams(request, body);
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
async function readParams(request: RequestInfo, body: RequestBody): Promise<RequestParams | HttpResponse> {
  try {
    const params = await parseRequestParams({
      method: request.method ?? "",
      url: request.url ?? "",
      headers: { "content-type": headerValue(request, "content-type") },
      body: await readBody(body),
      raw: null,
      context: null,
    });
    if (!isHttpAnswer(params)) return params;
    const [, { status, headers }] = params;
    const response =
      status === 405
        ? refusal("METHOD_NOT_ALLOWED", "Only GET and POST are allowed")
        : refusal("UNSUPPORTED_MEDIA_TYPE", "The Content-Type must be application/json");
    return { ...response, headers: { ...response.headers, ...headers } };
  } catch (error) {
    if (error instanceof AuthError) return errorAnswer(publicError(error));
    return refusal("BAD_REQUEST", (error as Error).message);
  }
}

function isHttpAnswer(params: RequestParams | Response): params is Response {
  return Array.isArray(params);
}

/** The value of a header that is a list, and may stand several times (RFC 9110, section 5.3). */
function header(request: RequestInfo, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : value?.join(",");
}

function refusal(code: ErrorCode, message: string): HttpResponse {
  return errorAnswer({ status: HTTP_STATUS[code], code, message });
}

function unknownOperation({ operationName }: RequestParams, accepted: Acceptance): HttpResponse {
  const message = operationName
    ? shorten(`Unknown operation named "${operationName}".`)
    : "Must provide operation name if query contains multiple operations.";
  return requestErrorResponse([withCode({ message, extensions: { code: "" } }, "BAD_REQUEST")], accepted);
}

/** Answered in JSON all the same: a client that cannot read it has the status (RFC 9110, section 15.5.7). */
function notAcceptable(): HttpResponse {
  return refusal("NOT_ACCEPTABLE", "Answers are application/graphql-response+json or application/json");
}

function subscriptionsElsewhere(): HttpResponse {
  return refusal("BAD_REQUEST", "Subscriptions are not supported over this transport");
}

/** GraphQL over HTTP, section 5.2.1: GET must not change anything. */
function mutationByGet(): HttpResponse {
  const response = refusal("METHOD_NOT_ALLOWED", "Mutations are not allowed over GET");
  return { ...response, headers: { ...response.headers, allow: "POST" } };
}

function withCode(error: ShownError, code: ErrorCode): ShownError {
  return { ...error, extensions: { code } };
}
