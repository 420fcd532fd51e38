import { ClientError, GraphQLClient } from "graphql-request";
import { AuthClientError, createAuthClient } from "janus-auth/client";

const url = `${process.env.JANUS_URL ?? "http://127.0.0.1:4000"}/graphql`;

export const auth = createAuthClient({ url, api: "graphql" });
export const client = new GraphQLClient(url, { fetch: auth.fetch });

/** What to tell a person of an error: of the login, of an operation, or of the network. */
export function explain(error: unknown): string {
  if (error instanceof AuthClientError) return error.message;
  if (error instanceof ClientError) {
    const [first] = error.response.errors ?? [];
    return first ? `${first.message} (${String(first.extensions?.code)})` : `HTTP ${error.response.status}`;
  }
  if (error instanceof TypeError) return "The server cannot be reached"; // What `fetch` rejects with.
  throw error;
}
