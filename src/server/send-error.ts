import type { IncomingMessage } from "node:http";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import type { AuthUser } from "../auth-user.js";
import type { Auth } from "../create-auth.js";
import { AuthError, JsonWebTokenError, ServiceUnavailableError } from "../errors.js";
import type { HttpResponse } from "../http-response.js";
import type { Logger } from "../logger.js";
import { publicError } from "../public-error.js";
import type { RequestInfo } from "../request-info.js";
import { requestInfo } from "./authentication.js";
import { httpError } from "../http-error.js";
import { TRPC_PATH } from "./paths.js";

/** Answers a request that failed outside of GraphQL and tRPC: in tRPC's envelope on its path, as GraphQL errors elsewhere. */
export type ErrorSender = (request: FastifyRequest, reply: FastifyReply, error: unknown) => Promise<FastifyReply>;

export function errorSender<TUser extends AuthUser>(auth: Auth<TUser>): ErrorSender {
  return async (request, reply, thrown) => {
    const { raw, log } = request;
    const failed = { request: requestInfo(request), raw, log, trpc: isTrpcRequest(request) };
    const { status, headers, body } = await failureAnswer(auth, failed, thrown);
    return reply.code(status).headers(headers).send(body);
  };
}

/** A request that failed, as the HTTP layer has it. */
export interface FailedRequestParts {
  readonly request: RequestInfo;
  readonly raw: IncomingMessage;
  readonly log: Logger;
  readonly trpc: boolean;
}

/** The answer to it. */
export async function failureAnswer<TUser extends AuthUser>(
  auth: Auth<TUser>,
  failed: FailedRequestParts,
  thrown: unknown,
): Promise<HttpResponse> {
  const { request, raw, log, trpc } = failed;
  const error = asAuthError(thrown, raw) ?? thrown;
  if (error instanceof JsonWebTokenError) log.info({ code: error.code }, "a bad token was refused");
  const onServerError = (cause: unknown) => logFailure(failed, cause, "a request failed");
  return auth.errorResponse({ request, error, trpc, onServerError });
}

/** Logs an error that is not the client's doing, with its causes; the client is told nothing of them. */
export function logFailure({ log }: { readonly log: Logger }, error: unknown, message: string): void {
  logError(log, error, message);
}

/** The same outside of a request. */
export function logError(logger: Logger, error: unknown, message: string): void {
  if (error instanceof ServiceUnavailableError) logger.warn({ err: error }, message);
  else if (publicError(error).status >= 500) logger.error({ err: error }, message);
}

/** Whether a request is of the tRPC face, however its URL is spelled. */
function isTrpcRequest({ routeOptions, url }: FastifyRequest): boolean {
  const address = routeOptions.url ?? url;
  return address === TRPC_PATH || address.startsWith(`${TRPC_PATH}/`) || address.startsWith(`${TRPC_PATH}?`);
}

function asAuthError(error: unknown, raw: IncomingMessage): AuthError | undefined {
  if (error instanceof AuthError) return error;
  // The client went away in the middle of its request: nobody reads the answer, and nothing is wrong here.
  if (raw.destroyed && !raw.complete) return httpError(400);
  const { code } = error as Partial<FastifyError>;
  return code === "FST_ERR_HANDLER_TIMEOUT" ? new ServiceUnavailableError({ cause: error }) : undefined;
}
