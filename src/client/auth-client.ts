import type { AnyTRPCRouter } from "@trpc/server";
import type { AppRouter } from "../trpc/auth-router-types.js";
import type { Issued } from "./auth-api.js";
import type { AuthClientError } from "./auth-client-error.js";
import type { AuthEvent } from "./auth-events.js";
import type { AuthFetch } from "./fetch-like.js";
import type { UserOf } from "./router-types.js";
import type { Session } from "./session.js";
import type { AuthLink } from "./trpc-link.js";

/** What became of a session at logout. */
export interface LogoutResult {
  /** Whether the server has ended it. If not, its refresh token stays good until it expires; nobody here has it any more. */
  readonly revoked: boolean;
  /** Why not. Missing too where there was nothing to end: nobody was logged in, or single-token mode. */
  readonly error?: AuthClientError;
}

/**
 * Keeps a user logged in. Its methods can be passed on by themselves: none depends on `this`.
 *
 * @typeParam Router of the server: the type of the user comes from there
 */
export type AuthClient<Router extends AnyTRPCRouter = AppRouter> = AuthClientOf<UserOf<Router>>;

/** An `AuthClient`, by the type of its user. */
export interface AuthClientOf<User> {
  /** Who is logged in, or null. The same object until it changes. */
  readonly session: Session<User> | null;

  /**
   * Logs in.
   *
   * @throws AuthClientError `INVALID_CREDENTIALS`, `NO_ANSWER`, …
   */
  login(this: void, username: string, password: string): Promise<Session<User>>;

  /** Logs out: here at once, and on the server if it can be reached. Never rejects. */
  logout(this: void): Promise<LogoutResult>;

  /**
   * Refreshes now. With cookies it also finds out whether there is a session that this page does not know of.
   *
   * @returns null if nobody is logged in, or not any more
   * @throws AuthClientError if the server did not decide, for example `NO_ANSWER`: the session is kept
   */
  refresh(this: void): Promise<Session<User> | null>;

  /** Goes on with a session that was opened without this client, for example with what `setPassword` answered. */
  adopt(this: void, issued: Issued<User>): Session<User>;

  /** Tells `listener` of each change. Answers what ends that. */
  subscribe(this: void, listener: (event: AuthEvent<User>) => void): () => void;

  /**
   * `fetch` with the token: refreshed before it expires and after it was refused, then the request is sent once more.
   * It goes to the origin of `url` and to `origins`; other requests are sent as they are.
   */
  readonly fetch: AuthFetch;

  /** The header of the token, refreshed if that is due: for clients of WebSockets and server-sent events. */
  connectionParams(this: void): Promise<Record<string, string>>;

  /**
   * Keeps a WebSocket beyond its token: refreshes before that expires, and hands each new one to `renew`, which sends it over
   * the socket in `renewConnection`. Call it when a socket has been opened. It ends with the session.
   *
   * @returns what ends it before: call that when the socket is closed
   * @example
   * const socket = createWSClient({
   *   url: "ws://127.0.0.1:4000/trpc",
   *   connectionParams: auth.connectionParams,
   *   onOpen: () => (stop = auth.keepConnection((token) => janus.auth.renewConnection.mutate({ token }))),
   *   onClose: () => stop(),
   * });
   */
  keepConnection(this: void, renew: (token: string) => unknown): () => void;

  /** Makes a tRPC subscription again after a refresh whenever its token has expired. Calls over HTTP need `fetch` alone. */
  trpcLink(this: void): AuthLink;
}
