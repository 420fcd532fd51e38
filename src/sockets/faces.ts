import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import { createGraphQLSocketHandler, GRAPHQL_SUBPROTOCOL, type GraphQLSocket } from "../graphql/socket.js";
import { type SocketClose, socketClose } from "../request/connect.js";
import type { AuthContext } from "../request/context.js";
import { serveTrpcSocket } from "../trpc/socket.js";
import type { OpenSocket } from "./open-socket.js";
import { MAX_CALLS_IN_FRAME } from "./socket-limits.js";
import type { CompleteOptions } from "./socket-options.js";

/** A socket that has been opened, and the request that it began with. */
export interface ServedSocket {
  readonly socket: WebSocket;
  readonly open: OpenSocket;
  readonly request: IncomingMessage;
  readonly context: AuthContext;
}

/** What is served at one path. */
export interface SocketFace {
  readonly path: string;
  readonly isTrpc: boolean;
  /** The subprotocol to agree on, of those that the client offers; false for none. */
  subprotocol(offered: ReadonlySet<string>): string | false;
  serve(served: ServedSocket): void;
}

export function graphqlFace({ graphql, extend, onServerError }: CompleteOptions): SocketFace | undefined {
  if (!graphql) return undefined;
  const { schema, operations, path = "/graphql" } = graphql;
  const handle = createGraphQLSocketHandler({ schema, operations, extend, onServerError });
  return {
    path,
    isTrpc: false,
    subprotocol: (offered) => offered.has(GRAPHQL_SUBPROTOCOL) && GRAPHQL_SUBPROTOCOL,
    serve({ socket, open, context }) {
      const closed = handle(graphqlSocket(socket, open, onServerError), context, () => open.ready());
      socket.once("close", (code, reason) => void closed(code, reason.toString()).catch(onServerError));
    },
  };
}

export function trpcFace({ trpc, extend, onServerError, setTimer }: CompleteOptions): SocketFace | undefined {
  if (!trpc) return undefined;
  const { router, path = "/trpc" } = trpc;
  const options = { router, extend, onServerError, setTimer, maxBatchSize: MAX_CALLS_IN_FRAME };
  return {
    path,
    isTrpc: true,
    subprotocol: () => false,
    serve({ socket, open, request, context }) {
      const close = (how: SocketClose): void => open.close(how);
      serveTrpcSocket({ socket, request, context, close, onReady: () => open.ready() }, options);
    },
  };
}

function graphqlSocket(socket: WebSocket, open: OpenSocket, onServerError: (error: unknown) => void): GraphQLSocket {
  return {
    protocol: socket.protocol,
    // Of a client that is gone nobody waits for anything.
    send: (text) => new Promise((resolve) => socket.send(text, () => resolve())),
    close: (how) => open.close(how),
    onMessage: (listener) =>
      socket.on("message", (data: Buffer, isBinary) => {
        if (isBinary) return;
        listener(data.toString("utf8")).catch((error: unknown) => {
          onServerError(error);
          open.close(socketClose(error));
        });
      }),
  };
}
