import type { AccountOperations } from "../auth/account-operations.js";
import type { AuthOperations } from "../auth/auth-operations.js";
import type { AuthUser } from "../auth-user.js";
import type { Connection } from "../auth/connection.js";
import type { ConnectionOperation } from "../auth/connection-operation.js";
import type { Connections } from "../auth/connections.js";
import type { RequestInfo } from "../request-info.js";
import type { JwtPayload } from "../settings/handlers.js";
import type { CookieJar } from "./cookies/cookie-jar.js";

/**
 * What resolvers and procedures get as their context. A host application adds its own properties beside these:
 * `type Context = AuthContext<Member> & { recipes: Recipes }`.
 *
 * No interface, because GraphQL servers such as graphql-http take only what is known to be a plain record.
 */
export type AuthContext<TUser extends AuthUser = AuthUser> = {
  /** The user of the request, active unless the host application gave one itself; null for an anonymous one. */
  readonly user: TUser | null;
  /** The payload of the access token; null without one. */
  readonly payload: JwtPayload | null;
  /** The request, if there is one. */
  readonly request: RequestInfo | undefined;
  /** The auth service: tokenAuth, verifyToken, refreshToken, revokeToken. */
  readonly auth: AuthOperations;
  /** The user's own account: sessions, setPassword. */
  readonly account: AccountOperations;
  /**
   * The cookies of the request and its answer; null where the setting `cookies` is off. The application puts
   * `setCookieHeaders()` into the answer once it is made: with tRPC by `responseMeta`, and then without streamed batches,
   * whose head is sent before.
   */
  readonly cookies: CookieJar | null;
  /** All sockets and event streams of this process. */
  readonly connections: Connections;
  /** The socket or event stream that the operation came over; null for a request that is answered once. */
  readonly connection: Connection | null;
  /** This operation on it; null without one. */
  readonly operation: ConnectionOperation | null;
};
