import { AuthClientError, createAuthClient } from "janus-auth/client";
import { cacheExchange, Client, CombinedError, fetchExchange } from "urql";

const url = `${process.env.JANUS_URL ?? "http://127.0.0.1:4000"}/graphql`;

export const auth = createAuthClient({ url, api: "graphql" });

// urql's cache lives as long as its client: what one user has loaded is not for the next one, who gets a new client.
let client = createClient();
let userId = auth.session?.user?.id;
auth.subscribe(({ session }) => {
  if (session?.user?.id === userId) return; // A refresh.
  userId = session?.user?.id;
  client = createClient();
});

/** The client of whoever is logged in. In React, give it to urql's `Provider` by `useSyncExternalStore(auth.subscribe, urqlClient)`. */
export const urqlClient = (): Client => client;

function createClient(): Client {
  return new Client({ url, exchanges: [cacheExchange, fetchExchange], fetch: auth.fetch, preferGetMethod: false });
}

/** What to tell a person of an error: of the login, of an operation, or of the network. */
export function explain(error: unknown): string {
  if (error instanceof AuthClientError) return error.message;
  if (error instanceof CombinedError) {
    if (error.networkError) return "The server cannot be reached";
    return error.graphQLErrors.map(({ message, extensions }) => `${message} (${String(extensions.code)})`).join(", ");
  }
  throw error;
}
