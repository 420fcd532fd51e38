export type FetchInput = string | URL | Request;

/** `fetch`, as far as the client needs it: the global one, or one of a platform or a test. */
export type FetchLike = (input: FetchInput, init?: RequestInit) => Promise<Response>;

/** The global one, looked up at each call: tools replace it later. */
export const globalFetch: FetchLike = (input, init) => globalThis.fetch(input, init);
