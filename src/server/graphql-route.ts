import type { FastifyInstance } from "fastify";
import type { GraphQLSchema } from "graphql";
import { createGraphQLHandler } from "../graphql/handler.js";
import { contextOf } from "./authentication.js";
import { takeJsonAsText } from "./json-text.js";
import { GRAPHQL_PATH } from "./paths.js";
import { logFailure } from "./send-error.js";

/** Mounts the GraphQL face. */
export function graphqlRoute(schema: GraphQLSchema) {
  const handle = createGraphQLHandler(schema);

  return async (server: FastifyInstance): Promise<void> => {
    takeJsonAsText(server);
    server.all(GRAPHQL_PATH, async (request, reply) => {
      const body = typeof request.body === "string" ? request.body : null;
      const answer = await handle({
        request,
        body,
        context: contextOf(request),
        onServerError: (error) => logFailure(request, error, "a GraphQL operation failed"),
      });
      return reply.code(answer.status).headers(answer.headers).send(answer.body);
    });
  };
}
