import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AuthUser } from "../auth-user.js";
import type { Auth } from "../create-auth.js";
import { JsonWebTokenError } from "../errors.js";
import type { AuthContext } from "../request/context.js";
import { unauthorizedError } from "../request/unauthorized.js";
import type { RequestInfo } from "../request-info.js";
import { trpcErrorEnvelope } from "../trpc/error-envelope.js";
import { isTrpcUrl } from "./http-errors.js";

const CONTEXT = "authContext";

/** Gives every request its context, whatever its URL; one with a bad token ends here with 401. */
export function authenticateRequests<TUser extends AuthUser>(server: FastifyInstance, auth: Auth<TUser>): void {
  server.decorateRequest(CONTEXT, null);
  server.addHook("onRequest", async (request, reply) => {
    const info = requestInfo(request);
    try {
      request.setDecorator(CONTEXT, await auth.context(info));
    } catch (error) {
      if (!(error instanceof JsonWebTokenError)) throw error;
      request.log.info({ code: error.code }, "a bad token was refused");
      return sendUnauthorized(auth, reply, info, error);
    }
  });
}

/** The context that `authenticateRequests` made. It is null in an answer that ended before. */
export function contextOf(request: FastifyRequest): AuthContext {
  return request.getDecorator<AuthContext>(CONTEXT);
}

async function sendUnauthorized<TUser extends AuthUser>(
  auth: Auth<TUser>,
  reply: FastifyReply,
  info: RequestInfo,
  error: JsonWebTokenError,
): Promise<FastifyReply> {
  const { status, headers, body } = await auth.unauthorizedResponse(info, error);
  void reply.code(status).headers(headers);
  if (!isTrpcUrl(info.url)) return reply.send(body);
  // tRPC's client reads its own envelope and nothing else.
  return reply.type("application/json; charset=utf-8").send(trpcErrorEnvelope(unauthorizedError(error)));
}

function requestInfo(request: FastifyRequest): RequestInfo {
  return { method: request.method, url: request.url, headers: request.headers, address: request.ip, id: request.id };
}
