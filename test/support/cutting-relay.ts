import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/**
 * Stands between a client and a database server. What it is told to look for reaches the server; the answer to it, the
 * first time, does not reach the client, whose connection breaks instead.
 */
export class CuttingRelay {
  /** How many connections it has cut. */
  cuts = 0;

  private constructor(
    private readonly server: Server,
    private readonly sockets: Set<Socket>,
  ) {}

  /** @param content of what a client sends, such as the hash in the packet that has a statement executed */
  static async start(port: number, content: string | Buffer): Promise<CuttingRelay> {
    const sockets = new Set<Socket>();
    const server = createServer((client) => {
      const database = connect(port, "127.0.0.1");
      let isCut = false;
      for (const [socket, other] of [
        [client, database],
        [database, client],
      ] as const) {
        sockets.add(socket);
        socket.on("error", () => other.destroy()).on("close", () => other.destroy());
      }
      client.on("data", (sent) => {
        isCut ||= relay.cuts === 0 && sent.includes(content);
        database.write(sent);
      });
      database.on("data", (answer) => {
        if (!isCut) return void client.write(answer);
        relay.cuts += 1;
        client.resetAndDestroy();
      });
    });
    const relay = new CuttingRelay(server, sockets);
    await once(server.listen(0, "127.0.0.1"), "listening");
    return relay;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, "close");
  }
}
