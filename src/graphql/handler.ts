import type { GraphQLSchema } from "graphql";
import type { HttpResponse } from "../http-response.js";
import type { AuthContext } from "../request/context.js";
import type { RequestInfo } from "../request-info.js";
import { answerBatch, batchOf } from "./batch.js";
import { Operations } from "./operations.js";
import type { RequestBody } from "./read-body.js";
import { type ReadBody, readOrRefuse, readParams, refusal } from "./request-params.js";
import { acceptanceOf } from "./response.js";
import { operationRunner } from "./run-operation.js";
import { usualParams } from "./usual-params.js";

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
 * Makes the handler of the GraphQL endpoint, by the GraphQL-over-HTTP specification. Queries are limited by the settings
 * of the context's auth service. Parsed and validated documents are remembered, for each standing towards the
 * introspection guard by itself.
 */
export function createGraphQLHandler(schema: GraphQLSchema, operations = new Operations(schema)): GraphQLHandler {
  const run = operationRunner(operations);

  return async ({ request, body, context, onServerError }) => {
    const accepted = acceptanceOf(header(request, "accept"));
    if (!accepted) return notAcceptable();
    const read = typeof body === "string" ? { body } : await readOrRefuse(body);
    if ("refused" in read) return read.refused;

    const { method } = request;
    const usual = usualParams(request, read.body);
    if (usual) return await run({ params: usual, method, accepted, context, onServerError });
    const answer = async (item: ReadBody): Promise<HttpResponse> => {
      const params = await readParams(request, item);
      return "status" in params ? params : await run({ params, method, accepted, context, onServerError });
    };
    const batch = batchOf(request, read.body);
    return batch ? answerBatch(batch, context.auth.settings.queryBatchLimit, answer) : answer(read.body);
  };
}

/** The value of a header that is a list, and may stand several times (RFC 9110, section 5.3). */
function header(request: RequestInfo, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : value?.join(",");
}

/** Answered in JSON all the same: a client that cannot read it has the status (RFC 9110, section 15.5.7). */
function notAcceptable(): HttpResponse {
  return refusal("NOT_ACCEPTABLE", "Answers are application/graphql-response+json or application/json");
}
