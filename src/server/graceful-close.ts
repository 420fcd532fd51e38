import type { FastifyInstance } from "fastify";

/**
 * Lets a stopping server go as soon as the last running request is answered: a client that keeps its connection open
 * would otherwise hold the process for the keep-alive timeout.
 */
export function closeIdleConnections(server: FastifyInstance): void {
  let closing = false;
  server.addHook("preClose", async () => {
    closing = true;
    server.server.closeIdleConnections();
  });
  server.addHook("onSend", async (_request, reply) => {
    if (closing) void reply.header("connection", "close");
  });
}
