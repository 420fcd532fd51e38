import { AuthClientError } from "./auth-client-error.js";
import type { Cookies } from "./cookie-request.js";
import type { FetchLike } from "./fetch-like.js";

/** How the operations of the auth server are asked for. */
export interface Sender {
  readonly fetch: FetchLike;
  readonly cookies: Cookies | undefined;
}

/** An answer, parsed. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Sends a POST request of JSON. It follows no redirect: passwords and tokens would go along.
 *
 * @param limit milliseconds
 * @throws AuthClientError `NO_ANSWER` or `UNEXPECTED_ANSWER`
 */
export async function postJson(
  { fetch, cookies }: Sender,
  url: string,
  json: unknown,
  { limit, headers: given = {} }: { limit: number; headers?: Readonly<Record<string, string>> },
): Promise<JsonAnswer> {
  const headers = new Headers({
    accept: "application/graphql-response+json, application/json",
    "content-type": "application/json",
    ...given,
  });
  const signal = AbortSignal.timeout(limit);
  const init: RequestInit = { method: "POST", body: JSON.stringify(json), redirect: "error", signal };
  const sent = fetch(url, cookies ? cookies.add(init, headers) : { ...init, headers });
  const [status, text] = await answerOf(sent, signal);
  return { status, body: parse(text, status) };
}

async function answerOf(sent: Promise<Response>, signal: AbortSignal): Promise<[status: number, text: string]> {
  try {
    const response = await sent;
    return [response.status, await Promise.race([response.text(), aborted(signal)])];
  } catch (cause) {
    throw new AuthClientError("NO_ANSWER", "The auth server cannot be reached", undefined, { cause });
  }
}

/** After the headers Node's fetch holds on to the signal only until garbage is collected: so it is listened to here. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
}

function parse(text: string, status: number): JsonAnswer["body"] {
  try {
    const body = JSON.parse(text) as JsonAnswer["body"] | null;
    if (typeof body === "object" && body !== null) return body;
  } catch {
    // A proxy's page, for example.
  }
  throw unexpected(status);
}

/** An answer that no auth server gives: the text of it is not repeated, for it may be anything. */
export function unexpected(status: number, hint = "is the URL right?"): AuthClientError {
  return new AuthClientError(
    "UNEXPECTED_ANSWER",
    `This is no answer of an auth server (HTTP ${status}): ${hint}`,
    status,
  );
}
