import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** What the log has of a request. It names the route, never the URL: a query string, or a path that somebody made up, can hold a token. */
export interface RequestLine {
  readonly method: string | undefined;
  /** Null where there is none. */
  readonly route: string | null;
  readonly status: number;
  /** How long it took, milliseconds. */
  readonly ms: number;
}

/** Logs each request once it is answered. */
export function logRequests(server: FastifyInstance): void {
  server.addHook("onResponse", async (request, reply) => logRequest(request, reply));
}

/** One line for a request. */
export function logRequest(request: FastifyRequest, reply: FastifyReply): void {
  const line: RequestLine = {
    method: request.method,
    route: request.routeOptions.url ?? null,
    status: reply.statusCode,
    ms: tenths(reply.elapsedTime),
  };
  request.log.info(line, REQUEST);
}

/** The message of a request's line. */
export const REQUEST = "request";

/** Milliseconds, to a tenth. */
export function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
