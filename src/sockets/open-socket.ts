import type { WebSocket } from "ws";
import { type SocketClose, TEXT_ONLY } from "../request/connect.js";
import type { SetTimer } from "../timer.js";
import type { SocketLimits } from "./socket-limits.js";

/** Keeps one socket within its limits, and cuts off a client that is not there any more. */
export class OpenSocket {
  private cancelInit = (): void => {};
  private cancelPing = (): void => {};
  private hasAnswered = true;

  constructor(
    private readonly socket: WebSocket,
    private readonly limits: SocketLimits,
    private readonly setTimer: SetTimer,
  ) {
    socket.on("pong", () => (this.hasAnswered = true));
    socket.on("message", (_data, isBinary) => {
      if (isBinary) this.close(TEXT_ONLY);
      else this.cutIfBehind();
    });
    // What is wrong with a frame, its size for example, closes the socket with the code of RFC 6455; nobody has to be told.
    socket.on("error", () => undefined);
    socket.once("close", () => this.release());
    this.pingLater();
  }

  /** Closes it unless `ready` is called in time. */
  expectInit(how: SocketClose): void {
    this.cancelInit = this.setTimer(() => this.close(how), this.limits.initTime);
  }

  /** The client has said who it is. */
  ready(): void {
    this.cancelInit();
  }

  /** Closes it; a client that does not close its side is cut off. */
  close({ code, reason }: SocketClose): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.release();
    this.socket.close(code, reason);
    const cancel = this.setTimer(() => this.socket.terminate(), this.limits.closeTime);
    this.socket.once("close", cancel);
  }

  /** A client that asks and does not read would fill our memory with answers. */
  private cutIfBehind(): void {
    if (this.socket.bufferedAmount > this.limits.buffered) this.socket.terminate();
  }

  private release(): void {
    this.cancelInit();
    this.cancelPing();
  }

  private pingLater(): void {
    this.cancelPing = this.setTimer(() => {
      if (!this.hasAnswered) this.socket.terminate();
      this.cutIfBehind();
      if (this.socket.readyState !== this.socket.OPEN) return;
      this.hasAnswered = false;
      this.socket.ping();
      this.pingLater();
    }, this.limits.pingInterval);
  }
}
