import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** Logs each request once it is answered. */
export function logRequests(server: FastifyInstance): void {
  server.addHook("onResponse", async (request, reply) => logRequest(request, reply));
}

/**
 * One line for a request. It names the route, never the URL: a query string, or a path that somebody made up, can hold a
 * token.
 */
export function logRequest(request: FastifyRequest, reply: FastifyReply): void {
  const line = {
    method: request.method,
    route: request.routeOptions.url ?? null,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
  };
  request.log.info(line, "request");
}
