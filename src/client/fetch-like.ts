export type FetchInput = string | URL | Request;

export function isRequest(input: FetchInput): input is Request {
  return typeof input === "object" && "url" in input;
}

/** `fetch`, as far as the client needs it: the global one, or one of a platform or a test. */
export type FetchLike = (input: FetchInput, init?: RequestInit) => Promise<Response>;

/**
 * `fetch` as the client hands it out. It takes more than the global one, so that it fits wherever that is expected: under
 * `exactOptionalPropertyTypes` tRPC's links give a `signal` that is undefined.
 */
export type AuthFetch = (
  input: FetchInput,
  init?: Omit<RequestInit, "signal"> & { readonly signal?: AbortSignal | null | undefined },
) => Promise<Response>;

/** The global one, looked up at each call: tools replace it later. */
export const globalFetch: FetchLike = (input, init) => globalThis.fetch(input, init);
