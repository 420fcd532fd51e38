import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/** How long running requests may take once the server stops, milliseconds. */
export const DRAIN_LIMIT = 10_000;

export interface GracefulClose {
  /** Milliseconds after which the connections of requests that still run are cut too. */
  readonly limit?: number;
  /** Ends what would not end by itself: WebSockets and event streams. */
  readonly closeStreams?: () => Promise<void>;
}

/**
 * Lets a stopping server go as soon as the last running request is answered. Connections without one are cut at once:
 * a client that keeps its connection open, or that has connected and sent nothing yet, would otherwise hold the process.
 */
export function closeGracefully(
  server: FastifyInstance,
  { limit = DRAIN_LIMIT, closeStreams = async () => {} }: GracefulClose = {},
): void {
  const connections = trackConnections(server);
  let cut: NodeJS.Timeout | undefined;

  server.addHook("preClose", async () => {
    cut = setTimeout(() => {
      server.log.warn({ connections: connections.size }, "requests that took too long were cut off to stop");
      server.server.closeAllConnections();
    }, limit);
    // First those that say good-bye: a WebSocket is a connection without a request too.
    await closeStreams();
    for (const [socket, running] of connections) {
      if (running === 0) socket.destroy();
    }
  });
  server.addHook("onSend", async (_request, reply) => {
    if (cut) void reply.header("connection", "close");
  });
  server.addHook("onClose", async () => clearTimeout(cut));
}

/** How many requests run on each open connection: more than one where a client pipelines them. */
function trackConnections({ server }: FastifyInstance): ReadonlyMap<Socket, number> {
  const running = new Map<Socket, number>();
  const add = (socket: Socket, count: number) => {
    const before = running.get(socket);
    if (before !== undefined) running.set(socket, before + count);
  };
  server.on("connection", (socket) => {
    running.set(socket, 0);
    socket.once("close", () => running.delete(socket));
  });
  server.on("request", ({ socket }, response) => {
    add(socket, 1);
    response.once("close", () => add(socket, -1));
  });
  return running;
}
