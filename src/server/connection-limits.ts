import type { FastifyInstance } from "fastify";

/**
 * Closes connections beyond `most` at once, unread. That keeps memory and files for those that are there; the log tells
 * the operator, since no client can.
 */
export function limitConnections({ server, log }: FastifyInstance, most: number): void {
  server.maxConnections = most;
  server.on("drop", () => log.warn({ connections: most }, "a connection was refused: MAX_CONNECTIONS are open"));
}
