import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A connection whose client is in no hurry: it sends what it is told to, and reads when it likes. */
export class RawConnection {
  /** What came so far, one character a byte. */
  received = "";
  private readonly ended: Promise<void>;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding("latin1").on("data", (text: string) => void (this.received += text));
    socket.on("error", () => undefined); // The server may cut it at any time: that is what is waited for.
    this.ended = new Promise((resolve) => void socket.once("close", () => resolve()));
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const connection = new RawConnection(socket);
    await once(socket, "connect");
    return connection;
  }

  send(bytes: string): this {
    this.socket.write(bytes, "latin1");
    return this;
  }

  /** Sends one byte after the other, every so many milliseconds, over and over until the connection ends. */
  drip(bytes: string, interval: number): this {
    let sent = 0;
    const timer = setInterval(() => void this.socket.write(bytes[sent++ % bytes.length] ?? "", "latin1"), interval);
    this.socket.once("close", () => clearInterval(timer));
    return this;
  }

  /** Reads nothing from now on. */
  stopReading(): this {
    this.socket.pause();
    return this;
  }

  /** Comes true once the server has ended the connection. */
  async end(): Promise<void> {
    await this.ended;
  }

  close(): void {
    this.socket.destroy();
  }
}
