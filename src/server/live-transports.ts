import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import type { GraphQLSchema } from "graphql";
import type { AuthUser } from "../auth-user.js";
import type { Auth } from "../create-auth.js";
import { Operations } from "../graphql/operations.js";
import { serveSockets } from "../sockets/socket-server.js";
import type { SocketLimits } from "../sockets/socket-limits.js";
import { requestInfo } from "../sockets/socket-options.js";
import { type SetTimer, unrefTimer } from "../timer.js";
import { appRouter } from "../trpc/auth-router.js";
import { answerHeaders } from "./answer-headers.js";
import { clientsBehind } from "./client-of.js";
import { EventStreams } from "./event-stream.js";
import { originCheck } from "./origins.js";
import { GRAPHQL_PATH, TRPC_PATH } from "./paths.js";
import { logError } from "./send-error.js";
import { DEFAULT_NETWORK, type NetworkConfig } from "./server-config.js";

/** What they need of the parts of the server. */
export interface LiveParts<TUser extends AuthUser> {
  readonly auth: Auth<TUser>;
  readonly schema: GraphQLSchema;
  readonly logger: FastifyBaseLogger;
  readonly network?: NetworkConfig;
  /** By default `SOCKET_LIMITS`. */
  readonly socketLimits?: Partial<SocketLimits>;
  /** By default Node's timer. */
  readonly setTimer?: SetTimer;
}

/** What goes on after a request is answered, or is shared by all ways to ask. */
export interface LiveTransports {
  readonly operations: Operations;
  readonly streams: EventStreams;
  /** Ends all WebSockets and event streams. */
  readonly close: () => Promise<void>;
}

/** Serves WebSockets beside HTTP, at the same paths. */
export function serveLive<TUser extends AuthUser>(
  { server }: FastifyInstance,
  { auth, schema, logger, network = DEFAULT_NETWORK, socketLimits = {}, setTimer = unrefTimer }: LiveParts<TUser>,
): LiveTransports {
  const operations = new Operations(schema);
  const streams = new EventStreams();
  const clientOf = clientsBehind(network.trustedProxies);
  const sockets = serveSockets(server, {
    auth,
    graphql: { path: GRAPHQL_PATH, schema, operations },
    trpc: { path: TRPC_PATH, router: appRouter },
    isAllowedOrigin: originCheck(network.corsOrigins),
    requestInfo: (request) => ({ ...requestInfo(request), ...clientOf(request) }),
    answerHeaders: ({ id = "", isSecure }) => answerHeaders(id, isSecure),
    onServerError: (error) => logError(logger, error, "an operation on a socket failed"),
    logger,
    setTimer,
    limits: socketLimits,
  });
  return {
    operations,
    streams,
    async close() {
      streams.cut();
      await sockets.close();
    },
  };
}
