import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "../logger.js";

interface Connection {
  /** More than one where a client pipelines. */
  running: number;
}

/** The open connections of a server, and how many requests run on each: until they are answered or their client is gone. */
export class RunningRequests {
  private readonly connections = new Map<Socket, Connection>();

  /**
   * @param most requests before their answers on one connection. Node begins all that arrive together, and holds the
   *   answers of a client that reads none; no client in use sends more than one at a time.
   */
  constructor(
    private readonly most: number,
    private readonly logger: Logger,
  ) {}

  /** How many connections are open. */
  get connectionCount(): number {
    return this.connections.size;
  }

  /** Takes note of the connections of a server. */
  follow(server: Server): void {
    server.on("connection", (socket) => {
      this.connections.set(socket, { running: 0 });
      socket.once("close", () => this.connections.delete(socket));
    });
  }

  /** Counts a request. False if it is one too many: its connection has been cut, and it must not be run. */
  begin(socket: Socket): boolean {
    const connection = this.connections.get(socket);
    if (!connection) return !socket.destroyed; // It was cut, or is of no server.
    connection.running += 1;
    if (connection.running <= this.most) return true;
    this.cut(socket);
    return false;
  }

  /** A request is over. */
  end(socket: Socket): void {
    const connection = this.connections.get(socket);
    if (connection) connection.running -= 1;
  }

  /** Cuts the connections on which nothing runs. */
  cutIdle(): void {
    for (const [socket, { running }] of this.connections) if (running === 0) socket.destroy();
  }

  /** Those behind the one too many in the same piece come here too. */
  private cut(socket: Socket): void {
    if (socket.destroyed) return;
    this.logger.info({ requests: this.most }, "a connection was cut: it sends requests without an end");
    socket.destroy();
  }
}
