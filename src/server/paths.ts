/** Where the two faces are mounted, and the public keys (RFC 8615). */
export const GRAPHQL_PATH = "/graphql";
export const TRPC_PATH = "/trpc";
export const JWKS_PATH = "/.well-known/jwks.json";

/**
 * Where refreshes and logouts go. GraphQL has one address for all operations; a tRPC batch of several procedures has another
 * address than these.
 */
export const REFRESH_PATHS: readonly string[] = [
  GRAPHQL_PATH,
  ...["refreshToken", "revokeToken", "deleteRefreshTokenCookie"].map((name) => `${TRPC_PATH}/auth.${name}`),
];

/** Where the files of the page at `/` are. */
export const PAGE_PATH = "/page";
