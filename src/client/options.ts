import type { Clock } from "../clock.js";
import type { FetchLike } from "./fetch-like.js";
import type { SetTimer } from "./keep-connection.js";
import type { Lock } from "./lock.js";
import type { TokenStore } from "./token-store.js";
import type { Transformer } from "./transformer.js";

/** What `createAuthClient` is told; only `url` has to be. */
export interface AuthClientOptions {
  /** Of the tRPC or GraphQL endpoint, for example `"/trpc"` or `"https://auth.example.org/graphql"`. */
  readonly url: string | URL;
  /**
   * How the operations are called: over tRPC, or over GraphQL by the contract of django-graphql-jwt (`"graphql"`) or of
   * strawberry-django-extras (`"strawberry"`). By default `"trpc"`.
   */
  readonly api?: "trpc" | "graphql" | "strawberry";
  /** Where the auth router is mounted in the tRPC router; `""` if it is the router. By default `"auth"`. */
  readonly router?: string;
  /** Over tRPC, the data transformer of your router, if it has one: the same that tRPC's links are given. By default none. */
  readonly transformer?: Transformer;
  /** Over GraphQL, whether the server is in single-token mode: its schema has no refresh tokens then. */
  readonly singleToken?: boolean;
  /** Where the session is kept. By default in memory; with `cookies`, where it has no tokens, in `localStorage`. */
  readonly store?: TokenStore;
  /** Tokens are in HttpOnly cookies, which the server's setting `cookies` sets: no script can read them. */
  readonly cookies?: boolean;
  /** The value of the cookie `csrftoken`. By default the page's own is read. */
  readonly csrfToken?: () => string | undefined;
  /** The server's setting `authHeaderName`. By default `authorization`. */
  readonly headerName?: string;
  /** One of the server's setting `authHeaderPrefix`. By default `JWT`. */
  readonly headerPrefix?: string;
  /** Other origins that may be sent the token, for example `"https://api.example.org"`. That of `url` always may. */
  readonly origins?: readonly string[];
  /**
   * How long a refresh or logout may take, milliseconds; a login may take six times as long. By default 5000: a refresh that
   * got no answer is repeated, which has to happen within the server's `refreshGracePeriod`, 10 seconds in `hardened`.
   */
  readonly timeout?: number;
  /** Sends all requests. By default the global one. */
  readonly fetch?: FetchLike;
  /** By default Web Locks where there are any. */
  readonly lock?: Lock;
  /** By default that of the device. */
  readonly clock?: Clock;
  /** What `keepConnection` and `trpcLink` wait with. By default `setTimeout`. */
  readonly setTimer?: SetTimer;
}
