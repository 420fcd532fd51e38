import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache } from "@apollo/client";
import { AuthClientError, createAuthClient } from "janus-auth/client";

const url = `${process.env.JANUS_URL ?? "http://127.0.0.1:4000"}/graphql`;

export const auth = createAuthClient({ url, api: "graphql" });
export const client = new ApolloClient({
  link: new HttpLink({ uri: url, fetch: auth.fetch }),
  cache: new InMemoryCache(),
});

// What one user has loaded is not for the next one. In React, `resetStore` loads again what is on the page.
let userId = auth.session?.user?.id;
auth.subscribe(({ session }) => {
  if (session?.user?.id === userId) return; // A refresh.
  userId = session?.user?.id;
  client.clearStore().catch(console.error);
});

/** What to tell a person of an error: of the login, of an operation, or of the network. */
export function explain(error: unknown): string {
  if (error instanceof AuthClientError) return error.message;
  if (CombinedGraphQLErrors.is(error)) {
    return error.errors.map(({ message, extensions }) => `${message} (${String(extensions?.code)})`).join(", ");
  }
  if (error instanceof TypeError) return "The server cannot be reached"; // What `fetch` rejects with.
  throw error;
}
