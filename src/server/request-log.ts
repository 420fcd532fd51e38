import type { FastifyInstance } from "fastify";

/**
 * One log line a request, and its id in the answer. The line names the route, never the URL: a query string, or a path
 * that somebody made up, can hold a token.
 */
export function logRequests(server: FastifyInstance): void {
  server.addHook("onRequest", async (request, reply) => {
    void reply.header("x-request-id", request.id);
  });
  server.addHook("onResponse", async (request, reply) => {
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    request.log.info(line, "request");
  });
}
