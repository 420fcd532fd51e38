/** Where the two faces are mounted, and the public keys (RFC 8615). */
export const GRAPHQL_PATH = "/graphql";
export const TRPC_PATH = "/trpc";
export const JWKS_PATH = "/.well-known/jwks.json";

/** Where the files of the page at `/` are. */
export const PAGE_PATH = "/page";
