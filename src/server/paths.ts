/** Where the two faces are mounted. */
export const GRAPHQL_PATH = "/graphql";
export const TRPC_PATH = "/trpc";
