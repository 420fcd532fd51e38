import type { AuthClient, AuthFetch } from "../src/client/index.js";
import type { PageSettings } from "../src/server/page/page-types.js";

/** What the parts of the page share. */
export interface PageContext {
  readonly auth: AuthClient;
  readonly settings: PageSettings;
}

/** A call of a procedure that was refused. */
export class CallError extends Error {
  /** @param code as in the README's table of errors */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

interface Answer {
  readonly result?: { readonly data?: unknown };
  readonly error?: { readonly message: string; readonly data?: { readonly errorCode?: string } };
}

/**
 * Calls a tRPC procedure, with the token in the header.
 *
 * @throws CallError
 */
export async function call(fetch: AuthFetch, type: "query" | "mutation", name: string, input?: object) {
  const url = `/trpc/${name}`;
  const text = JSON.stringify(input);
  const response =
    type === "query"
      ? await fetch(input === undefined ? url : `${url}?input=${encodeURIComponent(text)}`)
      : await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: text ?? null });
  const { result, error } = (await response.json()) as Answer;
  if (error) throw new CallError(error.data?.errorCode ?? "UNEXPECTED_ANSWER", error.message);
  return result?.data;
}
