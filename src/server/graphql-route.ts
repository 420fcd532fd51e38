import type { FastifyInstance } from "fastify";
import type { GraphQLHandler } from "../graphql/handler.js";
import { contextOf } from "./authentication.js";
import type { DirectRoute } from "./direct-route.js";
import { takeJsonAsText } from "./json-text.js";
import { GRAPHQL_PATH } from "./paths.js";
import { hasJsonBody } from "./plain-request.js";
import type { RequestLimits } from "./request-limits.js";
import { logFailure } from "./send-error.js";

const FAILURE = "a GraphQL operation failed";

/** Mounts the GraphQL face. */
export function graphqlRoute(handle: GraphQLHandler) {
  return async (server: FastifyInstance): Promise<void> => {
    takeJsonAsText(server);
    server.all(GRAPHQL_PATH, async (request, reply) => {
      const body = typeof request.body === "string" ? request.body : null;
      const answer = await handle({
        request,
        body,
        context: contextOf(request),
        onServerError: (error) => logFailure(request, error, FAILURE),
      });
      return reply.code(answer.status).headers(answer.headers).send(answer.body);
    });
  };
}

/** Queries and mutations, as clients send them: a POST of JSON. */
export function directGraphQL(handle: GraphQLHandler, limits: RequestLimits): DirectRoute {
  return {
    url: GRAPHQL_PATH,
    trpc: false,
    failure: FAILURE,
    accept(request) {
      const isPlain = request.method === "POST" && request.url === GRAPHQL_PATH && hasJsonBody(request, limits);
      return isPlain ? handle : null;
    },
  };
}
