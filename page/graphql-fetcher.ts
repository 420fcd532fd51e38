import type { AuthFetch } from "../src/client/index.js";

/** Sends what GraphiQL asks, with the token that the page has. A header of the same name in GraphiQL's own editor wins. */
export function graphqlFetcher(fetch: AuthFetch) {
  return async (question: object, options?: { headers?: Record<string, string> | undefined }): Promise<object> => {
    const response = await fetch("/graphql", {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json", ...options?.headers },
      body: JSON.stringify(question),
    });
    return (await response.json()) as object;
  };
}
