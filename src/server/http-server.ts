import { randomUUID } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from "fastify";
import type { DataSource } from "typeorm";
import type { AuthUser } from "../auth-user.js";
import { createGraphQLHandler } from "../graphql/handler.js";
import { AnswerLimit } from "./answer-limit.js";
import { answerHeaders } from "./answer-headers.js";
import { authenticateRequests } from "./authentication.js";
import { clientsBehind } from "./client-of.js";
import { limitConnections } from "./connection-limits.js";
import { sendCookies } from "./cookie-headers.js";
import { allowOrigins, corsHeaders } from "./cors.js";
import { DirectRequests } from "./direct-requests.js";
import { closeGracefully } from "./graceful-close.js";
import { directGraphQL, graphqlRoute } from "./graphql-route.js";
import { healthRoutes } from "./health-routes.js";
import { httpError } from "../http-error.js";
import { jwksRoute } from "./jwks-route.js";
import { errorSender, type ErrorSender } from "./send-error.js";
import { checkHeads, ignoreExpectations, refuseEncodedBodies } from "./http-rules.js";
import { type LiveParts, serveLive } from "./live-transports.js";
import { refuseConnection } from "./parser-errors.js";
import { type Page, pageRoutes } from "./page/page-routes.js";
import { REQUEST_LIMITS, type RequestLimits } from "./request-limits.js";
import { logRequest, logRequests } from "./request-log.js";
import { RunningRequests } from "./running-requests.js";
import { DEFAULT_NETWORK, type NetworkConfig } from "./server-config.js";
import { directTrpc } from "./direct-trpc.js";
import { trpcRoute } from "./trpc-route.js";

/** How often Node looks for requests that take too long to arrive, milliseconds. Its own default is 30 seconds. */
const ARRIVAL_CHECK_INTERVAL = 5_000;

/**
 * Compilers of JSON schemas. No route has one: both faces check what they are sent themselves. Fastify's own would be
 * loaded all the same, a twelfth of a start.
 */
const NO_SCHEMAS = { buildValidator: refuseSchema, buildSerializer: refuseSchema };

export interface HttpServerParts<TUser extends AuthUser> extends LiveParts<TUser> {
  readonly dataSource: DataSource;
  /** By default `REQUEST_LIMITS`. */
  readonly limits?: RequestLimits;
  /** By default no proxy is believed, and no page of another origin may read answers. */
  readonly network?: NetworkConfig;
  /** The page at `/`. By default there is none. */
  readonly page?: Page | undefined;
}

/** The HTTP server with both faces, not listening yet. */
export async function createHttpServer<TUser extends AuthUser>(
  parts: HttpServerParts<TUser>,
): Promise<FastifyInstance> {
  const { auth, logger, limits = REQUEST_LIMITS, network = DEFAULT_NETWORK } = parts;
  const requests = new RunningRequests(limits.pipelineLength, logger);
  const direct = new DirectRequests({
    auth,
    clientOf: clientsBehind(network.trustedProxies),
    corsHeaders: corsHeaders(network.corsOrigins, auth.settings),
    limits,
    requests,
    answerLimit: new AnswerLimit(limits.answerTime),
    logger,
  });
  const server = createFastify({ logger, limits, network, requests, direct, sendError: errorSender(auth) });
  limitConnections(server, network.maxConnections);
  requests.follow(server.server);
  server.addHook("preClose", async () => direct.stop());
  server.addHook("onRequest", async (request, reply) => void reply.headers(headersFor(request)));
  logRequests(server);
  await allowOrigins(server, network.corsOrigins, auth.settings);
  ignoreExpectations(server);
  checkHeads(server, limits);
  refuseEncodedBodies(server);
  const live = serveLive(server, parts);
  closeGracefully(server, requests, { closeStreams: live.close });
  authenticateRequests(server, auth);
  if (auth.settings.cookies) sendCookies(server);
  const graphql = createGraphQLHandler(parts.schema, live.operations);
  direct.serve(directGraphQL(graphql, limits));
  direct.serve(directTrpc(limits));
  await server.register(graphqlRoute(parts.schema, graphql, live));
  await server.register(trpcRoute(live.streams));
  await server.register(jwksRoute(parts.auth));
  await server.register(healthRoutes(parts));
  if (parts.page) await server.register(pageRoutes(parts.page, parts.auth));
  return server;
}

interface FastifyParts {
  readonly logger: FastifyBaseLogger;
  readonly limits: RequestLimits;
  readonly network: NetworkConfig;
  readonly requests: RunningRequests;
  readonly direct: Pick<DirectRequests<never>, "take">;
  readonly sendError: ErrorSender;
}

function createFastify({ logger, limits, network, requests, direct, sendError }: FastifyParts): FastifyInstance {
  const server: FastifyInstance = Fastify({
    loggerInstance: logger,
    // Its own lines about requests have the URL in them, and that can hold a token.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: limits.bodySize,
    requestTimeout: limits.arrivalTime,
    handlerTimeout: limits.answerTime,
    connectionTimeout: limits.stallTime,
    keepAliveTimeout: limits.keepAliveTime,
    trustProxy: network.trustedProxies.length > 0 && [...network.trustedProxies],
    schemaController: { compilersFactory: NO_SCHEMAS },
    serverFactory: (fastify) =>
      listener(limits, (request, response) => {
        const { socket } = request;
        if (!requests.begin(socket)) return;
        if (direct.take(request, response)) return;
        response.once("close", () => requests.end(socket));
        fastify(request, response);
      }),
    clientErrorHandler: (error, socket) => refuseConnection(error, socket, logger),
    frameworkErrors(error, request, reply) {
      // No hook runs for what cannot be routed.
      void reply.headers(headersFor(request));
      reply.raw.once("finish", () => logRequest(request, reply));
      void sendError(request, reply, error);
    },
  });
  server.setErrorHandler((error, request, reply) => sendError(request, reply, error));
  server.setNotFoundHandler((request, reply) => sendError(request, reply, httpError(404)));
  return server;
}

/** Node's server. Fastify leaves the limits of connections to whoever makes it. */
function listener(limits: RequestLimits, onRequest: RequestListener): Server {
  const options = {
    maxHeaderSize: limits.headSize,
    headersTimeout: limits.arrivalTime, // Node exchanges the two limits where this one is the longer.
    requestTimeout: limits.arrivalTime,
    keepAliveTimeout: limits.keepAliveTime,
    connectionsCheckingInterval: Math.min(limits.arrivalTime, ARRIVAL_CHECK_INTERVAL),
    requireHostHeader: false, // `checkHeads` does it.
  };
  return createServer(options, onRequest).setTimeout(limits.stallTime);
}

function refuseSchema(): never {
  throw new Error("A route has a JSON schema: its compilers have to be given to Fastify first");
}

function headersFor({ id, protocol }: FastifyRequest): Record<string, string> {
  return answerHeaders(id, protocol === "https");
}
