import { type ExecutionResult, GraphQLError, type GraphQLSchema, OperationTypeNode } from "graphql";
import {
  type ConnectionInitMessage,
  type Context,
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  makeServer,
  type Server,
  type SubscribePayload,
} from "graphql-ws";
import type { ConnectionOperation } from "../auth/connection-operation.js";
import {
  closeAtTheEnd,
  connect,
  type ConnectedContext,
  connectionError,
  type SocketClose,
  socketClose,
} from "../request/connect.js";
import type { AuthContext } from "../request/context.js";
import { publicError } from "../public-error.js";
import { formatError } from "./format-error.js";
import { executeOperation, Operations, type PreparedOperation, shownResult, subscribeOperation } from "./operations.js";

/** The subprotocol that graphql-ws speaks. */
export const GRAPHQL_SUBPROTOCOL = GRAPHQL_TRANSPORT_WS_PROTOCOL;

/** A WebSocket, from whatever server it is of. */
export interface GraphQLSocket {
  /** The subprotocol that was agreed on. */
  readonly protocol: string;
  send(text: string): Promise<void>;
  close(how: SocketClose): void;
  onMessage(listener: (text: string) => Promise<void>): void;
}

/** What the sockets of one endpoint have in common. */
export interface GraphQLSocketOptions {
  readonly schema: GraphQLSchema;
  readonly operations?: Operations | undefined;
  /** Properties of one's own beside those of the context. Called for each operation. */
  readonly extend?: ((context: AuthContext) => AuthContext | Promise<AuthContext>) | undefined;
  readonly onServerError: (error: unknown) => void;
}

/** Serves GraphQL over one WebSocket. Answers a function to call when the socket has closed. */
export type GraphQLSocketHandler = (
  socket: GraphQLSocket,
  context: AuthContext,
  onReady: () => void,
) => (code: number, reason: string) => Promise<void>;

/** What belongs to one socket. */
interface Extra {
  readonly socket: GraphQLSocket;
  /** Of the request that it began with. */
  readonly context: AuthContext;
  readonly onReady: () => void;
  connected?: ConnectedContext;
  isClosed: boolean;
  readonly operations: Map<string, ConnectionOperation>;
}

type SocketContext = Context<ConnectionInitMessage["payload"], Extra>;

/** Makes the handler of sockets that speak `graphql-transport-ws`, the protocol of graphql-ws. */
export function createGraphQLSocketHandler(options: GraphQLSocketOptions): GraphQLSocketHandler {
  const server = createProtocol(options, options.operations ?? new Operations(options.schema));
  return (socket, context, onReady) => {
    const extra: Extra = { socket, context, onReady, isClosed: false, operations: new Map() };
    const { protocol } = socket;
    const closed = server.opened(
      {
        protocol,
        send: (text) => socket.send(text),
        close: (code = 1000, reason = "") => socket.close({ code, reason }),
        onMessage: (listener) => socket.onMessage(listener),
      },
      extra,
    );
    return async (code: number, reason: string) => {
      extra.isClosed = true;
      extra.connected?.connection.close();
      await closed(code, reason);
    };
  };
}

function createProtocol(options: GraphQLSocketOptions, operations: Operations): Server<Extra> {
  const { onServerError } = options;
  return makeServer<ConnectionInitMessage["payload"], Extra>({
    connectionInitWaitTimeout: 0, // The transport has a limit for both faces.
    onConnect: (context) => admit(context, onServerError),
    async onSubscribe({ extra }, id, payload) {
      const prepared = await prepare(extra, id, payload, { ...options, operations });
      return "errors" in prepared ? prepared.errors : prepared.args;
    },
    execute: (args) => executeOperation({ type: OperationTypeNode.QUERY, args: args as PreparedOperation["args"] }),
    subscribe: (args) => subscribeGuarded(args as PreparedOperation["args"]),
    onNext: (_context, _id, _payload, _args, result) => shownResult(result as ExecutionResult, onServerError) as never,
    onError: (_context, _id, _payload, errors) =>
      (errors as GraphQLError[]).map((error) => formatError(error, onServerError)),
    onComplete({ extra }, id) {
      extra.operations.get(id)?.finish();
      extra.operations.delete(id);
    },
  });
}

/** The first message: who it is. A refusal closes the socket with a code that says what to do. */
async function admit(
  { extra, connectionParams }: SocketContext,
  onServerError: (error: unknown) => void,
): Promise<boolean> {
  extra.onReady();
  try {
    const connected = await connect(extra.context, connectionParams);
    // The client did not wait.
    if (extra.isClosed) connected.connection.close();
    extra.connected = connected;
    closeAtTheEnd(connected.connection, (how) => extra.socket.close(how));
    return true;
  } catch (error) {
    if (publicError(error).status >= 500) onServerError(error);
    extra.socket.close(socketClose(connectionError(error)));
    return false;
  }
}

async function prepare(
  extra: Extra,
  id: string,
  payload: SubscribePayload,
  { operations, extend }: Pick<GraphQLSocketOptions, "extend"> & { operations: Operations },
): Promise<PreparedOperation | { errors: readonly GraphQLError[] }> {
  const { connected } = extra;
  try {
    if (!connected) throw new Error("an operation came before the connection");
    const operation = await connected.connection.begin();
    const { user, payload: claims } = operation.identity ?? { user: null, payload: null };
    const context: AuthContext = { ...connected, user, payload: claims, operation };
    const prepared = operations.prepare(payload, extend ? await extend(context) : context);
    if ("errors" in prepared) operation.finish();
    else extra.operations.set(id, operation);
    return prepared;
  } catch (error) {
    return { errors: [new GraphQLError(publicError(error).message, { originalError: error as Error })] };
  }
}

/** Says nothing more once the connection is over: the close of the socket tells why, and the client connects again or not. */
async function subscribeGuarded(args: PreparedOperation["args"]) {
  const result = await subscribeOperation({ args });
  const { operation } = args.contextValue;
  return Symbol.asyncIterator in result && operation ? operation.guard(result, { atTheEnd: "silence" }) : result;
}
