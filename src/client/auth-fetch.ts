import { browser } from "./browser-globals.js";
import type { Credentials } from "./credentials.js";
import { type AuthFetch, type FetchInput, type FetchLike, isRequest } from "./fetch-like.js";
import type { FreshSession } from "./fresh-session.js";
import { refusalOf } from "./refusal.js";
import { changesNothing, sendableAgain } from "./repeatable.js";
import type { StoredSession } from "./session.js";
import type { Wire } from "./transformer.js";

/** What `authFetch` needs. */
export interface AuthFetchParts {
  readonly fetch: FetchLike;
  readonly credentials: Credentials;
  readonly fresh: FreshSession;
  readonly wire: Wire;
  /** Whether a token may go there. */
  readonly isOurs: (url: URL) => boolean;
}

/**
 * A `fetch` that authenticates. It refreshes before the token expires, and when a token is refused: then the request is
 * sent once more, with the new one. Requests that somebody else has authenticated, and those to other origins, are left alone.
 */
export function authFetch({ fetch, credentials, fresh, wire, isOurs }: AuthFetchParts): AuthFetch {
  return async (input, given) => {
    const init = given as RequestInit | undefined;
    const headers = new Headers(init?.headers ?? (isRequest(input) ? input.headers : undefined));
    if (headers.has(credentials.headerName) || !isOurs(urlOf(input))) return fetch(input, init);
    const signal = init?.signal ?? (isRequest(input) ? input.signal : undefined);
    // A redirect to another origin loses its `Authorization`, and no other header (fetch standard, HTTP-redirect fetch).
    const redirect = init?.redirect ?? (isRequest(input) ? input.redirect : undefined);
    const stays =
      credentials.inCookies || credentials.headerName.toLowerCase() === "authorization" || redirect === "manual";
    const send = (target: FetchInput, stored: StoredSession | null) =>
      fetch(
        target,
        credentials.add({ ...init, ...(stored && !stays && { redirect: "error" }) }, new Headers(headers), stored),
      );

    const { stored, failed } = await unlessAborted(fresh.get(), signal);
    // The browser would send the cookies of whoever is logged in by now: it is asked for as nobody.
    if (stored && failed && credentials.inCookies && fresh.isReplaced(stored))
      return fetch(input, { ...init, credentials: "omit" });
    const again = stored ? sendableAgain(input, init) : undefined;
    const response = await send(input, stored);
    const refusal = stored && !failed && (await refusalOf(response, credentials.inCookies, wire));
    if (!refusal) return response;
    const next = await unlessAborted(fresh.after(stored), signal);
    if (!next || !again || (refusal === "doneAsNobody" && !changesNothing(input, init))) return response;
    // Nobody reads the first answer, and its connection would stay busy.
    await response.body?.cancel();
    return send(again, next);
  };
}

/** Whether a URL has the origin of the auth server or one of those named: a token sent anywhere else is given away. */
export function originCheck(server: URL, others: readonly string[] = []): (url: URL) => boolean {
  const origins = new Set([server.origin, ...others.map((other) => new URL(other).origin)]);
  return ({ origin }) => origins.has(origin);
}

/** A page may name its own server by the path alone. */
function urlOf(input: FetchInput): URL {
  return new URL(isRequest(input) ? input.url : input, browser.location?.href);
}

/** Gives up waiting when the request is aborted. What it waits for goes on: others wait for it too. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
