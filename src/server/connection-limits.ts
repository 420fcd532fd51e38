import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Logger } from "../logger.js";

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
export class PipelineLimit {
  private readonly running = new WeakMap<Socket, number>();

  constructor(private readonly most: number) {}

  /** Counts a request. False if it is one too many: its connection has to be cut. */
  begin(socket: Socket): boolean {
    const count = (this.running.get(socket) ?? 0) + 1;
    this.running.set(socket, count);
    return count <= this.most;
  }

  /** It is answered, or its connection is gone. */
  end(socket: Socket): void {
    this.running.set(socket, (this.running.get(socket) ?? 1) - 1);
  }

  /** Cuts a connection off; those behind the one too many in the same piece come here too. */
  cut(socket: Socket, log: Logger): void {
    if (!socket.destroyed) log.info({ requests: this.most }, "a connection was cut: it sends requests without an end");
    socket.destroy();
  }
}

/** Holds the requests that Fastify answers to the limit. */
export function limitPipelines(server: FastifyInstance, limit: PipelineLimit): void {
  server.addHook("onRequest", async ({ raw: { socket }, log }, reply) => {
    reply.raw.once("close", () => limit.end(socket));
    if (limit.begin(socket)) return;
    limit.cut(socket, log);
    reply.hijack();
  });
}
