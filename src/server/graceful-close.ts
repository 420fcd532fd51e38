import type { FastifyInstance } from "fastify";
import type { RunningRequests } from "./running-requests.js";

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
  requests: RunningRequests,
  { limit = DRAIN_LIMIT, closeStreams = async () => {} }: GracefulClose = {},
): void {
  let cut: NodeJS.Timeout | undefined;

  server.addHook("preClose", async () => {
    cut = setTimeout(() => {
      server.log.warn({ connections: requests.connectionCount }, "requests that took too long were cut off to stop");
      server.server.closeAllConnections();
    }, limit);
    // First those that say good-bye: a WebSocket is a connection without a request too.
    await closeStreams();
    requests.cutIdle();
  });
  server.addHook("onSend", async (_request, reply) => {
    if (cut) void reply.header("connection", "close");
  });
  server.addHook("onClose", async () => clearTimeout(cut));
}
