import { OperationTypeNode } from "graphql";
import type { RequestParams } from "graphql-http";
import { publicError } from "../public-error.js";
import type { HttpResponse } from "../http-response.js";
import type { AuthContext } from "../request/context.js";
import { formatError } from "./format-error.js";
import { executeOperation, type Operations, shownResult } from "./operations.js";
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

/** Makes what limits and executes operations over HTTP. */
export function operationRunner(operations: Operations): RunOperation {
  return async ({ params, method, accepted, context, onServerError }) => {
    const prepared = prepare(operations, params, context);
    if ("mistake" in prepared) return programFailed(prepared.mistake, onServerError);
    if ("errors" in prepared) {
      const shown = prepared.errors.map((error) => formatError(error, onServerError));
      return requestErrorResponse(shown, accepted);
    }
    if (prepared.type === OperationTypeNode.SUBSCRIPTION) return subscriptionsElsewhere();
    if (prepared.type === OperationTypeNode.MUTATION && method === "GET") return mutationByGet();
    return resultResponse(shownResult(await executeOperation(prepared), onServerError), accepted);
  };
}

/** A `complexity` function is the host application's, and may throw. */
function prepare(operations: Operations, params: RequestParams, context: AuthContext) {
  try {
    return operations.prepare(params, context);
  } catch (mistake) {
    return { mistake };
  }
}

function programFailed(error: unknown, onServerError: (error: unknown) => void): HttpResponse {
  onServerError(error);
  return errorAnswer(publicError(undefined));
}

function subscriptionsElsewhere(): HttpResponse {
  return refusal("BAD_REQUEST", "Subscriptions are not supported over this transport");
}

/** GraphQL over HTTP, section 5.2.1: GET must not change anything. */
export function mutationByGet(): HttpResponse {
  const response = refusal("METHOD_NOT_ALLOWED", "Mutations are not allowed over GET");
  return { ...response, headers: { ...response.headers, allow: "POST" } };
}
