import { getOperationAST, OperationTypeNode, parse } from "graphql";
import type { AuthFetch } from "../src/client/index.js";
import { eventsOf, isEventStream, stoppable } from "./event-stream.js";

interface Question {
  readonly query: string;
  readonly operationName?: string | null | undefined;
}

interface Options {
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * Sends what GraphiQL asks, with the token that the page has. A header of the same name in GraphiQL's own editor wins. A
 * subscription is answered with an event stream, as graphql-sse has it.
 */
export function graphqlFetcher(fetch: AuthFetch) {
  const send = (accept: string, question: Question, { headers }: Options, signal?: AbortSignal) =>
    fetch("/graphql", {
      method: "POST",
      headers: { accept, "content-type": "application/json", ...headers },
      body: JSON.stringify(question),
      signal: signal ?? null,
    });

  async function* follow(question: Question, options: Options, signal: AbortSignal): AsyncGenerator<object> {
    const response = await send("text/event-stream", question, options, signal);
    if (!isEventStream(response)) {
      yield (await response.json()) as object;
      return;
    }
    for await (const { name, data } of eventsOf(response)) {
      if (name === "next") yield JSON.parse(data) as object;
    }
  }

  return async (question: Question, options: Options = {}): Promise<object | AsyncIterable<object>> => {
    if (isSubscription(question)) return stoppable((signal) => follow(question, options, signal));
    const response = await send("application/json", question, options);
    return (await response.json()) as object;
  };
}

/** GraphiQL has read the query too, but is behind whoever types fast. */
function isSubscription({ query, operationName }: Question): boolean {
  try {
    return getOperationAST(parse(query), operationName)?.operation === OperationTypeNode.SUBSCRIPTION;
  } catch {
    return false; // The server says what is wrong with it.
  }
}
