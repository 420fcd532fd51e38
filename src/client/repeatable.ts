import { type FetchInput, isRequest } from "./fetch-like.js";

/** What to send at the second attempt; undefined if the body can be read only once. */
export function sendableAgain(input: FetchInput, init: RequestInit | undefined): FetchInput | undefined {
  const body: unknown = init?.body ?? null;
  if (typeof body === "object" && body !== null && ("getReader" in body || Symbol.asyncIterator in body))
    return undefined;
  return isRequest(input) && body === null && !input.bodyUsed ? input.clone() : input;
}

/** Whether it makes no difference that a request is done twice: one by a safe method, or GraphQL without a mutation. */
export function changesNothing(input: FetchInput, init: RequestInit | undefined): boolean {
  const method = init?.method ?? (isRequest(input) ? input.method : "GET");
  return /^(get|head)$/i.test(method) || isGraphQLQuery(init?.body);
}

function isGraphQLQuery(body: unknown): boolean {
  try {
    const { query } = JSON.parse(body as string) as { query?: unknown };
    return typeof query === "string" && !query.includes("mutation");
  } catch {
    return false;
  }
}
