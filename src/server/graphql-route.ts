import type { FastifyInstance } from "fastify";
import type { GraphQLSchema } from "graphql";
import { createEventStreamHandler, wantsEventStream } from "../graphql/event-stream.js";
import { createGraphQLHandler } from "../graphql/handler.js";
import { contextOf } from "./authentication.js";
import { takeJsonAsText } from "./json-text.js";
import type { LiveTransports } from "./live-transports.js";
import { GRAPHQL_PATH } from "./paths.js";
import { logFailure } from "./send-error.js";

/** Mounts the GraphQL face. */
export function graphqlRoute(schema: GraphQLSchema, { operations, streams }: LiveTransports) {
  const handle = createGraphQLHandler(schema, operations);
  const stream = createEventStreamHandler(schema, { operations });

  return async (server: FastifyInstance): Promise<void> => {
    takeJsonAsText(server);
    server.all(GRAPHQL_PATH, async (request, reply) => {
      const answer = await (wantsEventStream(request) ? stream : handle)({
        request,
        body: typeof request.body === "string" ? request.body : null,
        context: contextOf(request),
        onServerError: (error) => logFailure(request, error, "a GraphQL operation failed"),
      });
      if (typeof answer.body !== "string") return streams.send(reply, answer.body);
      return reply.code(answer.status).headers(answer.headers).send(answer.body);
    });
  };
}
