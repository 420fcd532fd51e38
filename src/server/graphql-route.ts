import type { FastifyInstance } from "fastify";
import type { GraphQLSchema } from "graphql";
import { createEventStreamHandler, wantsEventStream } from "../graphql/event-stream.js";
import type { GraphQLHandler } from "../graphql/handler.js";
import { contextOf } from "./authentication.js";
import type { DirectRoute } from "./direct-route.js";
import { takeJsonAsText } from "./json-text.js";
import type { LiveTransports } from "./live-transports.js";
import { GRAPHQL_PATH } from "./paths.js";
import { hasJsonBody } from "./plain-request.js";
import type { RequestLimits } from "./request-limits.js";
import { logFailure } from "./send-error.js";

const FAILURE = "a GraphQL operation failed";

/** Mounts the GraphQL face. */
export function graphqlRoute(schema: GraphQLSchema, handle: GraphQLHandler, { operations, streams }: LiveTransports) {
  const stream = createEventStreamHandler(schema, { operations });

  return async (server: FastifyInstance): Promise<void> => {
    takeJsonAsText(server);
    server.all(GRAPHQL_PATH, async (request, reply) => {
      const answer = await (wantsEventStream(request) ? stream : handle)({
        request,
        body: typeof request.body === "string" ? request.body : null,
        context: contextOf(request),
        onServerError: (error) => logFailure(request, error, FAILURE),
      });
      if (typeof answer.body !== "string") return streams.send(reply, answer.body);
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
      const isPost = request.method === "POST" && request.url === GRAPHQL_PATH && hasJsonBody(request, limits);
      return isPost && !wantsEventStream(request) ? handle : null;
    },
  };
}
