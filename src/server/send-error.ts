import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { AuthError, publicError, ServiceUnavailableError } from "../errors.js";
import { trpcErrorEnvelope } from "../trpc/error-envelope.js";
import { httpError } from "./http-error.js";
import { TRPC_PATH } from "./paths.js";

/** Answers a request that failed outside of GraphQL and tRPC: in tRPC's envelope on its path, as GraphQL errors elsewhere. */
export function sendError(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const known = asAuthError(error, request);
  logFailure(request, known ?? error, "a request failed");
  if (known instanceof ServiceUnavailableError) void reply.header("retry-after", String(known.retryAfter));
  const { status } = publicError(known);
  return reply.code(status).type("application/json; charset=utf-8").send(errorBody(request, known));
}

/** Logs an error that is not the client's doing, with its causes; the client is told nothing of them. */
export function logFailure(request: FastifyRequest, error: unknown, message: string): void {
  if (error instanceof ServiceUnavailableError) request.log.warn({ err: error }, message);
  else if (publicError(error).status >= 500) request.log.error({ err: error }, message);
}

/** Whether a request is of the tRPC face, however its URL is spelled. */
export function isTrpcRequest({ routeOptions, url }: FastifyRequest): boolean {
  const address = routeOptions.url ?? url;
  return address === TRPC_PATH || address.startsWith(`${TRPC_PATH}/`) || address.startsWith(`${TRPC_PATH}?`);
}

function errorBody(request: FastifyRequest, error: AuthError | undefined): string {
  if (isTrpcRequest(request)) return trpcErrorEnvelope(error);
  const { message, code } = publicError(error);
  return JSON.stringify({ errors: [{ message, extensions: { code } }] });
}

function asAuthError(error: unknown, { raw }: FastifyRequest): AuthError | undefined {
  if (error instanceof AuthError) return error;
  // The client went away in the middle of its request: nobody reads the answer, and nothing is wrong here.
  if (raw.destroyed && !raw.complete) return httpError(400);
  const { statusCode = 500, code } = error as Partial<FastifyError>;
  if (code === "FST_ERR_HANDLER_TIMEOUT") return new ServiceUnavailableError({ cause: error });
  // Fastify's own errors are the client's doing; any other error with a status is not ours to show.
  return code?.startsWith("FST_") && statusCode < 500 ? httpError(statusCode) : undefined;
}
