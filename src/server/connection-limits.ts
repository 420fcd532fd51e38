import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/**
 * Closes connections beyond `most` at once, unread. That keeps memory and files for those that are there; the log tells
 * the operator, since no client can.
 */
export function limitConnections({ server, log }: FastifyInstance, most: number): void {
  server.maxConnections = most;
  server.on("drop", () => log.warn({ connections: most }, "a connection was refused: MAX_CONNECTIONS are open"));
}

/**
 * Cuts a connection off that sends more requests before their answers than `most`. Node begins all that arrive together,
 * and holds the answers of a client that reads none; no client in use sends more than one at a time.
 */
export function limitPipelines(server: FastifyInstance, most: number): void {
  const running = new WeakMap<Socket, number>();
  server.addHook("onRequest", async ({ raw: { socket }, log }, reply) => {
    const count = (running.get(socket) ?? 0) + 1;
    running.set(socket, count);
    reply.raw.once("close", () => running.set(socket, (running.get(socket) ?? 1) - 1));
    if (count <= most) return;
    if (!socket.destroyed) log.info({ requests: most }, "a connection was cut: it sends requests without an end");
    socket.destroy();
    reply.hijack(); // Those behind it in the same piece come here too.
  });
}
