import { randomUUID } from "node:crypto";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import type { GraphQLSchema } from "graphql";
import type { DataSource } from "typeorm";
import type { Auth } from "../create-auth.js";
import type { AuthUser } from "../auth-user.js";
import { authenticateRequests } from "./authentication.js";
import { closeGracefully } from "./graceful-close.js";
import { graphqlRoute } from "./graphql-route.js";
import { healthRoutes } from "./health-routes.js";
import { errorSender, httpError, parserErrorAnswer } from "./http-errors.js";
import { logRequests } from "./request-log.js";
import { trpcRoute } from "./trpc-route.js";

/** Largest request body, bytes. */
export const BODY_LIMIT = 64 * 1024;

/** Longest part of a path that a route takes, characters: a tRPC batch names its procedures there. */
const MAX_PATH_LENGTH = 4 * 1024;

/** How long a client may take to send its request, milliseconds. */
const REQUEST_TIMEOUT = 15_000;

export interface HttpServerParts<TUser extends AuthUser> {
  readonly auth: Auth<TUser>;
  readonly schema: GraphQLSchema;
  readonly dataSource: DataSource;
  readonly logger: FastifyBaseLogger;
}

/** The HTTP server with both faces, not listening yet. */
export async function createHttpServer<TUser extends AuthUser>(
  parts: HttpServerParts<TUser>,
): Promise<FastifyInstance> {
  const sendError = errorSender(parts.auth);
  const server: FastifyInstance = Fastify({
    loggerInstance: parts.logger,
    // Its own lines about requests have the URL in them, and that can hold a token.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    routerOptions: { maxParamLength: MAX_PATH_LENGTH },
    frameworkErrors: (error, request, reply) => void sendError(request, reply, error),
    clientErrorHandler(error, socket) {
      if (socket.writable && error.code !== "ECONNRESET") socket.end(parserErrorAnswer(error.code));
      else socket.destroy();
    },
  });
  server.setErrorHandler((error, request, reply) => sendError(request, reply, error));
  server.setNotFoundHandler((request, reply) => sendError(request, reply, httpError(404)));

  logRequests(server);
  setAnswerHeaders(server);
  closeGracefully(server);
  authenticateRequests(server, parts.auth);
  await server.register(graphqlRoute(parts.schema));
  await server.register(trpcRoute);
  await server.register(healthRoutes(parts.dataSource));
  return server;
}

/** No answer of an auth server belongs in a cache (RFC 6749, section 5.1), and none is what a browser guesses it to be. */
function setAnswerHeaders(server: FastifyInstance): void {
  server.addHook("onRequest", async (_request, reply) => {
    void reply.headers({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
  });
}
