import type { IncomingMessage } from "node:http";
import type { AnyTRPCRouter } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { getWSConnectionHandler } from "@trpc/server/adapters/ws";
import {
  closeAtTheEnd,
  connect,
  type ConnectedContext,
  connectionError,
  type SocketClose,
  socketClose,
} from "../request/connect.js";
import { JsonWebTokenError } from "../errors.js";
import type { AuthContext } from "../request/context.js";
import type { SetTimer } from "../timer.js";
import { asTRPCError } from "./error-shape.js";

/** The socket that tRPC's adapter takes. */
export type TrpcSocket = Parameters<ReturnType<typeof getWSConnectionHandler>>[0];

/** How long a socket with a bad token stays for its first call, milliseconds. */
const FIRST_CALL_LIMIT = 1_000;

/** What the sockets of one router have in common. */
export interface TrpcSocketOptions {
  readonly router: AnyTRPCRouter;
  /** Most calls in one frame. */
  readonly maxBatchSize: number;
  /** Properties of one's own beside those of the context. Called once for each socket. */
  readonly extend?: ((context: AuthContext) => AuthContext | Promise<AuthContext>) | undefined;
  readonly onServerError: (error: unknown) => void;
  readonly setTimer: SetTimer;
}

/** One socket, with the request that it began with. */
export interface OpenedSocket {
  readonly socket: TrpcSocket;
  readonly request: IncomingMessage;
  readonly context: AuthContext;
  readonly close: (how: SocketClose) => void;
  /** Is called when the client has said who it is. */
  readonly onReady: () => void;
}

/** Serves a tRPC router over one WebSocket, through tRPC's own adapter. */
export function serveTrpcSocket(
  { socket, request, context, close, onReady }: OpenedSocket,
  options: TrpcSocketOptions,
): void {
  const { router, maxBatchSize, extend, onServerError, setTimer } = options;
  let connected: ConnectedContext | undefined;
  let isClosed = false;

  socket.once("close", () => {
    isClosed = true;
    connected?.connection.close();
  });
  const serve = getWSConnectionHandler({
    router,
    maxBatchSize,
    async createContext({ info }) {
      onReady();
      const called = nextMessage(socket);
      try {
        connected = await connect(context, info.connectionParams);
        // The client did not wait.
        if (isClosed) connected.connection.close();
        closeAtTheEnd(connected.connection, close);
        return extend ? await extend(connected) : connected;
      } catch (cause) {
        const error = connectionError(cause);
        // tRPC's client takes in the answer to a call alone: from that it learns what is wrong, and that nothing was done.
        if (error instanceof JsonWebTokenError) await atMost(called, FIRST_CALL_LIMIT, setTimer);
        // The adapter answers the error first, and would close the socket without a code.
        setImmediate(() => close(socketClose(error)));
        throw asTRPCError(error);
      }
    },
    onError({ error }) {
      if (getHTTPStatusCodeFromError(error) >= 500) onServerError(error.cause ?? error);
    },
    // Its type wants the server too, which only its other function has a use for.
  } as Parameters<typeof getWSConnectionHandler>[0]);
  serve(socket, request);
}

/** Resolves when the client has sent something more, or is gone. */
function nextMessage(socket: TrpcSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("message", () => resolve());
    socket.once("close", () => resolve());
  });
}

function atMost(promise: Promise<void>, milliseconds: number, setTimer: SetTimer): Promise<void> {
  return new Promise((resolve) => {
    const cancel = setTimer(resolve, milliseconds);
    void promise.then(() => (cancel(), resolve()));
  });
}
