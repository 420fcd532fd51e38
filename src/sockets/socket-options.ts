import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { AnyTRPCRouter } from "@trpc/server";
import type { GraphQLSchema } from "graphql";
import type { AuthUser } from "../auth-user.js";
import type { Auth } from "../create-auth.js";
import type { Operations } from "../graphql/operations.js";
import { type Logger, silentLogger } from "../logger.js";
import type { AuthContext } from "../request/context.js";
import type { RequestInfo } from "../request-info.js";
import { type SetTimer, unrefTimer } from "../timer.js";
import { SOCKET_LIMITS, type SocketLimits } from "./socket-limits.js";

/** What `serveSockets` is given. */
export interface SocketServerOptions<TUser extends AuthUser = AuthUser> {
  readonly auth: Auth<TUser>;
  /** The GraphQL endpoint, for clients of graphql-ws. */
  readonly graphql?: {
    readonly schema: GraphQLSchema;
    /** By default `/graphql`. */
    readonly path?: string;
    /** Its parsed documents, shared with other transports of the same schema. */
    readonly operations?: Operations;
  };
  /** The tRPC endpoint, for `wsLink`. */
  readonly trpc?: {
    readonly router: AnyTRPCRouter;
    /** By default `/trpc`. */
    readonly path?: string;
  };
  /**
   * Adds properties of one's own to the context: of each GraphQL operation, and of each tRPC socket.
   *
   * @example
   * (context) => ({ ...context, recipes })
   */
  readonly extend?: (context: AuthContext<TUser>) => AuthContext<TUser> | Promise<AuthContext<TUser>>;
  /** With cookies: whether pages of this origin, beside the server's own, may open sockets. By default none. */
  readonly isAllowedOrigin?: (origin: string) => boolean;
  /**
   * By default the address, and whether there is TLS, is that of the connection: behind a proxy only the application knows
   * better.
   */
  readonly requestInfo?: (request: IncomingMessage) => RequestInfo;
  /** Headers of the answer to a request that may not open a socket. */
  readonly answerHeaders?: (request: RequestInfo) => Readonly<Record<string, string>>;
  /** Is told every error that is not the client's doing, for the log. */
  readonly onServerError: (error: unknown) => void;
  /** By default nothing is logged. */
  readonly logger?: Logger;
  /** By default Node's timer. */
  readonly setTimer?: SetTimer;
  readonly limits?: Partial<SocketLimits>;
}

/** The options with everything that goes without saying. */
export type CompleteOptions = ReturnType<typeof completeOptions>;

export function completeOptions<TUser extends AuthUser>(options: SocketServerOptions<TUser>) {
  return {
    isAllowedOrigin: () => false,
    requestInfo,
    answerHeaders: () => ({}),
    logger: silentLogger,
    setTimer: unrefTimer,
    ...options,
    // The users of every context here are of the directory of `auth`.
    auth: options.auth as unknown as Auth,
    extend: options.extend as ((context: AuthContext) => AuthContext | Promise<AuthContext>) | undefined,
    limits: { ...SOCKET_LIMITS, ...options.limits },
  };
}

/** What is looked at of a request, without holding on to the rest of it for as long as the socket is open. */
export function requestInfo({ method, url, headers, socket }: IncomingMessage): RequestInfo {
  return { method, url, headers, id: randomUUID(), address: socket.remoteAddress };
}
