import { AuthClientError } from "./auth-client-error.js";

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
  readonly error?: AnsweredError;
  /** With `code: "unauthorized"` from the built-in handler; with `extensions` from another GraphQL server. */
  readonly errors?: readonly { code?: string; path?: unknown; extensions?: { code?: string } }[];
}

/**
 * Whether an answer says that the token of the request is bad. That is not any 401: a rule that denies, a wrong password
 * and a token that was an argument have it too, and no new token would help.
 *
 * @param byCookie whether the token was in a cookie. There the server drops a bad one, since no script could, and the request
 *   is an anonymous one: a rule that denies those says that it was bad.
 */
export async function refusesToken(response: Response, byCookie: boolean): Promise<boolean> {
  // RFC 6750, section 3.1; another origin sees this header only where the server exposes it.
  if (response.headers.get("www-authenticate")?.includes('error="invalid_token"')) return true;
  if (response.status !== 401) return false;
  const body = await bodyOf(response);
  return isBadToken(body) || (byCookie && isForAnonymous(body));
}

async function bodyOf(response: Response): Promise<AnsweredBody | null> {
  try {
    const body = JSON.parse(await response.clone().text()) as AnsweredBody | readonly AnsweredBody[];
    return (Array.isArray(body) ? body[0] : body) as AnsweredBody;
  } catch {
    return null;
  }
}

function isBadToken(body: AnsweredBody | null): boolean {
  const [first] = body?.errors ?? [];
  if (first)
    return first.code === "unauthorized" || (first.path === undefined && BAD_TOKEN.has(first.extensions?.code));
  // Of tRPC: an error without a path is none of a procedure, but of the whole request.
  return body?.error?.data?.path === undefined && isTokenError(body?.error);
}

/** What a rule answers an anonymous request; somebody else is `FORBIDDEN`. */
function isForAnonymous(body: AnsweredBody | null): boolean {
  const code = body?.error?.data?.errorCode ?? body?.errors?.[0]?.extensions?.code;
  return code === "UNAUTHENTICATED";
}

/** Whether an error of tRPC is about a token. */
export function isTokenError(error: AnsweredError | undefined): boolean {
  return BAD_TOKEN.has(error?.data?.errorCode);
}
