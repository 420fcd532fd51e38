import type { AnyTRPCRouter } from "@trpc/server";
import { CsrfError, JsonWebTokenError } from "./errors.js";
import { HttpError, isMeantForClients, refusalOfFramework } from "./http-error.js";
import { publicError } from "./public-error.js";
import { errorAnswer } from "./graphql/response.js";
import type { HttpResponse } from "./http-response.js";
import { unauthorizedError, unauthorizedResponse } from "./request/unauthorized.js";
import type { RequestInfo } from "./request-info.js";
import type { JwtSettings } from "./settings/jwt-settings.js";
import { trpcErrorEnvelope } from "./trpc/error-envelope.js";

/** A request that failed before GraphQL or tRPC could answer it. */
export interface FailedRequest {
  readonly request: RequestInfo;
  /** What was thrown, usually by `auth.context`; or by the framework, whose 4xx stay what they are. */
  readonly error: unknown;
  /** Whether the request was for tRPC: its clients read nothing but its own envelope. By default false. */
  readonly trpc?: boolean;
  /** The tRPC router that it was for, if that has a data transformer: its clients read what that has written. */
  readonly router?: AnyTRPCRouter;
  /** Is told every error that is not the client's doing, or does not say so, for the log. */
  readonly onServerError: (error: unknown) => void;
}

/**
 * The answer to a request that failed: a bad token ends at the handler in the settings, whatever the URL; every other
 * error is answered with the status and code of our table. Never rejects.
 */
export async function errorResponse(settings: JwtSettings, failed: FailedRequest): Promise<HttpResponse> {
  if (!(failed.error instanceof JsonWebTokenError)) return tableResponse(failed, asRefusal(failed));
  try {
    const response = await unauthorizedResponse(settings, failed.request, failed.error);
    return failed.trpc ? enveloped(response, failed.error, failed.router) : response;
  } catch (error) {
    return tableResponse(failed, error);
  }
}

/** An error without a word on whom it is for may be that of a user directory, say: it is in the log too. */
function asRefusal({ error, onServerError }: FailedRequest): unknown {
  const refusal = refusalOfFramework(error);
  if (refusal && !isMeantForClients(error)) onServerError(error);
  return refusal ?? error;
}

function tableResponse({ trpc, router, onServerError }: FailedRequest, error: unknown): HttpResponse {
  const shown = publicError(error);
  if (shown.status >= 500) onServerError(error);
  const { headers, body } = errorAnswer(shown);
  const status = error instanceof HttpError ? error.status : shown.status;
  return { status, headers: { ...headers, ...cookiesOf(error) }, body: trpc ? trpcErrorEnvelope(error, router) : body };
}

function cookiesOf(error: unknown): HttpResponse["headers"] {
  return error instanceof CsrfError && error.setCookies.length > 0 ? { "set-cookie": [...error.setCookies] } : {};
}

/** The status and headers are the handler's; only the body has to be one that tRPC's client can read. */
function enveloped(
  { status, headers }: HttpResponse,
  error: JsonWebTokenError,
  router: AnyTRPCRouter | undefined,
): HttpResponse {
  return {
    status,
    headers: { ...headers, "content-type": "application/json; charset=utf-8" },
    body: trpcErrorEnvelope(unauthorizedError(error), router),
  };
}
