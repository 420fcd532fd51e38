import { execute, getOperationAST, GraphQLError, type GraphQLSchema, OperationTypeNode } from "graphql";
import type { RequestParams } from "graphql-http";
import type { ErrorCode } from "../errors.js";
import { publicError } from "../public-error.js";
import type { HttpResponse } from "../http-response.js";
import type { AuthContext } from "../request/context.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { Documents } from "./documents.js";
import { formatError, shorten, type ShownError } from "./format-error.js";
import { hidesSuggestions, standingOf } from "./introspection-guard.js";
import { QueryComplexity } from "./query-complexity.js";
import { tooComplex } from "./query-limits.js";
import { refusal } from "./request-params.js";
import { type Acceptance, errorAnswer, requestErrorResponse, resultResponse } from "./response.js";

/** What an operation is run for. */
export interface Requested {
  readonly params: RequestParams;
  /** The request's method: GET changes nothing. */
  readonly method: string | undefined;
  readonly accepted: Acceptance;
  readonly context: AuthContext;
  readonly onServerError: (error: unknown) => void;
}

/** Runs one operation, and answers it. Never rejects for anything that a client sends. */
export type RunOperation = (requested: Requested) => Promise<HttpResponse>;

/** Makes what parses, validates, limits and executes the operations on a schema. */
export function operationRunner(schema: GraphQLSchema): RunOperation {
  // Limits are settings, so each auth service has documents of its own.
  const documents = new WeakMap<JwtSettings, Documents>();
  const complexity = new QueryComplexity(schema);

  function documentsFor(settings: JwtSettings): Documents {
    const known = documents.get(settings) ?? new Documents(schema, settings);
    if (!documents.has(settings)) documents.set(settings, known);
    return known;
  }

  return async ({ params, method, accepted, context, onServerError }) => {
    const { settings } = context.auth;
    const show = (error: GraphQLError): ShownError => formatError(error, onServerError);
    const standing = standingOf(context.user, settings);
    const result = documentsFor(settings).get(params.query, standing);
    if ("errors" in result) return requestErrorResponse(result.errors.map(show), accepted);

    const { document } = result;
    const operation = getOperationAST(document, params.operationName);
    if (!operation) return unknownOperation(params, accepted);
    if (operation.operation === OperationTypeNode.SUBSCRIPTION) return subscriptionsElsewhere();
    if (operation.operation === OperationTypeNode.MUTATION && method === "GET") return mutationByGet();

    const cost = costOf(() => complexity.of(document, operation, params.variables));
    if ("mistake" in cost) return programFailed(cost.mistake, onServerError);
    if (cost.value > settings.queryComplexityLimit) {
      const error = tooComplex(`The query is more complex than ${settings.queryComplexityLimit}.`);
      return requestErrorResponse([show(error)], accepted);
    }

    const { data, errors } = await execute({
      schema,
      document,
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

/** A `complexity` function is the host application's, and may throw. */
function costOf(count: () => number): { readonly value: number } | { readonly mistake: unknown } {
  try {
    return { value: count() };
  } catch (mistake) {
    return { mistake };
  }
}

function programFailed(error: unknown, onServerError: (error: unknown) => void): HttpResponse {
  onServerError(error);
  return errorAnswer(publicError(undefined));
}

function unknownOperation({ operationName }: RequestParams, accepted: Acceptance): HttpResponse {
  const message = operationName
    ? shorten(`Unknown operation named "${operationName}".`)
    : "Must provide operation name if query contains multiple operations.";
  return requestErrorResponse([withCode({ message, extensions: { code: "" } }, "BAD_REQUEST")], accepted);
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
