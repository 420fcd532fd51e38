import { AuthClientError } from "./auth-client-error.js";
import type { Wire } from "./transformer.js";

/** What a refresh is answered when the session is over for good. Everything else may be better at the next try. */
const SESSION_IS_OVER: ReadonlySet<string> = new Set([
  "INVALID_REFRESH_TOKEN",
  "REFRESH_TOKEN_EXPIRED",
  "USER_DISABLED",
  "REFRESH_NOT_ALLOWED",
  // The refresh token has a form that no server takes; or there is none in the cookies.
  "BAD_USER_INPUT",
  "TOKEN_REQUIRED",
  // In single-token mode it is the access token that is exchanged.
  "INVALID_TOKEN",
  "INVALID_PAYLOAD",
  "TOKEN_EXPIRED",
]);

/** Whether a failed refresh means that the session is over. */
export function endsSession(error: unknown): error is AuthClientError {
  return error instanceof AuthClientError && SESSION_IS_OVER.has(error.code);
}

/** Whether the operation may have been done, and only its answer was lost. */
export function mayBeDone(error: unknown): boolean {
  return error instanceof AuthClientError && (error.code === "NO_ANSWER" || error.code === "UNEXPECTED_ANSWER");
}

/** What is said of a token that a request or a connection came with. Over HTTP the last two are "Invalid token" as well. */
const BAD_TOKEN: ReadonlySet<string | undefined> = new Set([
  "INVALID_TOKEN",
  "TOKEN_EXPIRED",
  "INVALID_PAYLOAD",
  "USER_DISABLED",
]);

/** An error of tRPC. */
interface AnsweredError {
  readonly data?: { readonly errorCode?: string; readonly path?: string } | null;
}

interface AnsweredBody {
  /** Of GraphQL. */
  readonly data?: object | null;
  readonly error?: AnsweredError;
  /** With `code: "unauthorized"` from the built-in handler; with `extensions` from another GraphQL server. */
  readonly errors?: readonly { code?: string; path?: unknown; extensions?: { code?: string } }[];
}

/** What became of a request whose token was bad: nothing was done; or it was answered as that of nobody in particular. */
export type Refusal = "notDone" | "doneAsNobody";

/**
 * What an answer says of a bad token; undefined if nothing. That is not any 401: a rule that denies, a wrong password and a
 * token that was an argument have it too, and no new token would help.
 *
 * @param byCookie whether the token was in a cookie. There the server drops a bad one, since no script could, and the request
 *   is an anonymous one: where a rule denies those, nothing was done.
 */
export async function refusalOf(response: Response, byCookie: boolean, wire: Wire): Promise<Refusal | undefined> {
  // RFC 6750, section 3.1; another origin sees this header only where the server exposes it.
  const challenged = response.headers.get("www-authenticate")?.includes('error="invalid_token"') ?? false;
  if (challenged && !byCookie) return "notDone";
  if (!challenged && response.status !== 401) return undefined;
  const bodies = await bodiesOf(response, wire);
  if (isBadToken(bodies[0]) || (byCookie && bodies.length > 0 && bodies.every(isForAnonymous))) return "notDone";
  return challenged ? "doneAsNobody" : undefined;
}

/** One, or those of a batch; none where the answer is no JSON. */
async function bodiesOf(response: Response, wire: Wire): Promise<readonly (AnsweredBody | null)[]> {
  // An event stream has no end.
  if (!response.headers.get("content-type")?.includes("json")) return [];
  try {
    const body = JSON.parse(await response.clone().text()) as AnsweredBody | readonly AnsweredBody[];
    // Errors of tRPC are written by its transformer.
    return [body].flat().map((one) => (one?.error ? { ...one, error: wire.read(one.error) as AnsweredError } : one));
  } catch {
    return [];
  }
}

function isBadToken(body: AnsweredBody | null | undefined): boolean {
  const [first] = body?.errors ?? [];
  if (first)
    return first.code === "unauthorized" || (first.path === undefined && BAD_TOKEN.has(first.extensions?.code));
  // Of tRPC: an error without a path is none of a procedure, but of the whole request.
  return body?.error?.data?.path === undefined && isTokenError(body?.error);
}

/** What a rule answers an anonymous request; somebody else is `FORBIDDEN`. With any data something was done beside that. */
function isForAnonymous(body: AnsweredBody | null): boolean {
  if (Object.values(body?.data ?? {}).some((value) => value !== null)) return false;
  const code = body?.error?.data?.errorCode ?? body?.errors?.[0]?.extensions?.code;
  return code === "UNAUTHENTICATED";
}

/** Whether an error of tRPC is about a token. */
export function isTokenError(error: AnsweredError | undefined): boolean {
  return BAD_TOKEN.has(error?.data?.errorCode);
}
