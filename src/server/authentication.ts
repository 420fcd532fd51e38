import { isIP } from "node:net";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AuthUser } from "../auth-user.js";
import type { Auth } from "../create-auth.js";
import type { AuthContext } from "../request/context.js";
import type { RequestInfo } from "../request-info.js";

const CONTEXT = "authContext";

/** Gives every request its context, whatever its URL; one with a bad token ends here, and the error handler answers it. */
export function authenticateRequests<TUser extends AuthUser>(server: FastifyInstance, auth: Auth<TUser>): void {
  server.decorateRequest(CONTEXT, null);
  server.addHook("onRequest", async (request) => {
    request.setDecorator(CONTEXT, await auth.context(requestInfo(request)));
  });
}

/** The context that `authenticateRequests` made. It is null in an answer that ended before. */
export function contextOf(request: FastifyRequest): AuthContext {
  return request.getDecorator<AuthContext>(CONTEXT);
}

/** What the auth service looks at of a request, without holding on to the rest of it. */
export function requestInfo(request: FastifyRequest): RequestInfo {
  const { method, url, headers, id } = request;
  return { method, url, headers, address: addressOf(request), id };
}

/** The client's address: behind a proxy that is believed, what that says it is, unless it is none. */
function addressOf({ ip, raw }: FastifyRequest): string | undefined {
  return isIP(ip) === 0 ? raw.socket.remoteAddress : ip;
}
