import { JsonWebTokenError, ServiceUnavailableError, TokenExpiredError } from "../errors.js";
import type { Connection } from "../auth/connection.js";
import { TooManyConnectionsError } from "../auth/connections.js";
import { endError, type EndReason } from "../auth/logout.js";
import { tokenFromParams } from "./connection-params.js";
import type { AuthContext } from "./context.js";
import { unauthorizedError } from "./unauthorized.js";

/** The context of a socket or event stream that has been opened. */
export type ConnectedContext<TContext extends AuthContext = AuthContext> = TContext & {
  readonly connection: Connection;
};

/**
 * Opens the connection of a socket. A token in its parameters wins over the one in the header or cookie of the request that
 * it began with.
 *
 * @param context of that request
 * @throws JsonWebTokenError for a token that must not be accepted, TooManyConnectionsError, ServiceUnavailableError
 */
export async function connect(context: AuthContext, params: unknown): Promise<ConnectedContext> {
  const { auth, request } = context;
  const token = tokenFromParams(params, auth.settings);
  if (token === null) return openConnection({ ...context, cookies: null });
  const { user, payload } = await auth.identify(token, request);
  return openConnection({ ...context, user, payload: user && payload, cookies: null });
}

/** Opens the connection of a request that is answered with a stream. @throws TooManyConnectionsError, ServiceUnavailableError */
export function openConnection(context: AuthContext): ConnectedContext {
  return { ...context, connection: context.connections.open(context) };
}

/** How a socket is closed (RFC 6455, section 7.4). */
export interface SocketClose {
  readonly code: number;
  readonly reason: string;
}

/** The server stops: connect again, to another one. */
export const GOING_AWAY: SocketClose = { code: 1001, reason: "Going away" };

/** Text frames only. */
export const TEXT_ONLY: SocketClose = { code: 1003, reason: "Messages are text" };

/** The first message did not come in time; the code of graphql-ws. */
export const INIT_TIMEOUT: SocketClose = { code: 4408, reason: "Connection initialisation timeout" };

/**
 * The code and reason by which a client knows what to do. They are those of graphql-ws, whose client connects again after
 * 4403, with a fresh token if its application has one, and gives up after 4401 and 4429.
 */
export function socketClose(error: unknown): SocketClose {
  if (error instanceof TokenExpiredError) return { code: 4403, reason: "Token expired" };
  if (error instanceof JsonWebTokenError) return { code: 4401, reason: error.message };
  if (error instanceof TooManyConnectionsError) return { code: 4429, reason: "Too many connections" };
  if (error instanceof ServiceUnavailableError) return { code: 1013, reason: "Try again later" };
  return { code: 1011, reason: "Internal server error" };
}

/** What a client is told of an error of its connection: of a bad token no more than in the answer to a request. */
export function connectionError(error: unknown): unknown {
  return error instanceof JsonWebTokenError ? unauthorizedError(error) : error;
}

/** Closes a socket when its connection is over, once it has said what it had to say. */
export function closeAtTheEnd(connection: Connection, close: (how: SocketClose) => void): void {
  const closeNow = async (reason: EndReason): Promise<void> => {
    await connection.settled();
    // What has been answered is on its way to the socket still.
    setImmediate(() => close(socketClose(endError(reason))));
  };
  connection.whenEnded((reason) => void closeNow(reason));
}
