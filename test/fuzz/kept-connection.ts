import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { firstAnswer, type RawAnswer } from "../support/raw-http.js";

/** Milliseconds that an answer may take; a busy machine is slow, a request without an answer takes for ever. */
const PATIENCE = 20_000;

/** Milliseconds after which nothing more is sent to complete what may be no request. */
const QUIET = 40;

/** A connection that requests are sent through as they are, one after the other. */
export class KeptConnection {
  #socket: Socket | undefined;
  #received = "";
  #wake: () => void = () => {};

  constructor(private readonly url: string) {}

  /** @throws Error if the connection ends, or too much or nothing comes, where there should be one answer */
  async ask(bytes: string): Promise<RawAnswer> {
    const socket = (this.#socket ??= await this.#open());
    socket.write(bytes, "latin1");
    for (;;) {
      const next = firstAnswer(this.#received, bytes);
      // 100 Continue and its like are not the answer (RFC 9110, section 15.2).
      if (next && next.answer.status < 200) this.#received = this.#received.slice(next.length);
      else if (next) return this.#take(next.answer, next.length);
      else if (this.#isStream) return this.#leaveStream();
      else if (socket.closed) throw this.#failure("no answer");
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#received = "";
  }

  #take(answer: RawAnswer, length: number): RawAnswer {
    if (this.#received.length > length) throw this.#failure("more than one answer");
    this.#received = "";
    if (answer.headers["connection"] === "close") this.close();
    return answer;
  }

  /** A stream of events has no end, and its pings would keep us waiting for it. */
  get #isStream(): boolean {
    return this.#head?.headers["content-type"]?.startsWith("text/event-stream") ?? false;
  }

  /** Takes what is told at once for the answer: a refusal is. */
  async #leaveStream(): Promise<RawAnswer> {
    await delay(QUIET);
    const answer = { ...(this.#head as RawAnswer), body: this.#received.slice(this.#received.indexOf("\r\n\r\n")) };
    this.close();
    return answer;
  }

  /** The head of the answer that is coming in. */
  get #head(): RawAnswer | undefined {
    return firstAnswer(this.#received, "HEAD ")?.answer;
  }

  #failure(what: string): Error {
    const received = this.#received.slice(0, 200);
    this.close();
    return new Error(`${what}: ${JSON.stringify(received)}`);
  }

  async #open(): Promise<Socket> {
    const socket = await open(this.url);
    socket.on("data", (text: string) => {
      this.#received += text;
      this.#wake();
    });
    socket.on("close", () => this.#wake());
    return socket;
  }
}

/** Sends bytes that may be no request, says that no more will come, and answers everything that comes back. */
export async function shout(url: string, bytes: string): Promise<string> {
  const socket = await open(url);
  let received = "";
  socket.on("data", (text: string) => (received += text));
  const closed = once(socket, "close");
  socket.write(bytes, "latin1");
  const timer = setTimeout(() => socket.end(), QUIET);
  await closed;
  clearTimeout(timer);
  return received;
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding("latin1").setNoDelay();
  socket.setTimeout(PATIENCE, () => socket.destroy());
  await once(socket, "connect");
  socket.on("error", () => {}); // It closes then, and that is looked at.
  return socket;
}
