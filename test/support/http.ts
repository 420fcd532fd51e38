/** What sends a request. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** An answer over HTTP, read to its end. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** An error as clients see it: `extensions.code` in GraphQL, `code` and `hint` from an unauthorized-response handler. */
export interface ErrorAnswer {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
  readonly code?: string;
  readonly hint?: string;
}

/** The body of an answer to a GraphQL request. */
export interface GraphQLBody<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly ErrorAnswer[];
}

/**
 * Sends a GraphQL request as clients do: POST, JSON.
 *
 * @param url of the GraphQL endpoint
 * @throws Error if the answer is not JSON
 */
export async function graphql<Data = Record<string, unknown>>(
  url: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
  fetch: Fetch = globalThis.fetch,
): Promise<Answer<GraphQLBody<Data>>> {
  const accept = "application/graphql-response+json, application/json";
  const answer = await post(url, { query, variables }, { accept, ...headers }, fetch);
  return { ...answer, body: parseJson(answer) as GraphQLBody<Data> };
}

/** Sends a POST request. The body of the answer is its text. */
export async function post(
  url: string,
  json: unknown,
  headers: Readonly<Record<string, string>> = {},
  fetch: Fetch = globalThis.fetch,
): Promise<Answer<string>> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(json),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

function parseJson({ status, body }: Answer<string>): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new Error(`the answer (${status}) is not JSON: ${body}`, { cause: error });
  }
}
