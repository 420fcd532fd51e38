import { connect, type Socket } from "node:net";
import { createHistogram, performance, type RecordableHistogram } from "node:perf_hooks";
import type { Conversation } from "./conversation.js";
import type { Amount, LoadFigures } from "./plan.js";
import { ResponseReader } from "./response-reader.js";

/** How long one answer may take, milliseconds. */
const ANSWER_LIMIT = 30_000;
const MILLISECOND = 1e6; // nanoseconds

/** What the connections of one load share. */
interface Load {
  readonly amount: Amount;
  readonly deadline: number;
  readonly histogram: RecordableHistogram;
  sent: number;
  errors: number;
  firstError: string;
}

/**
 * Sends requests over as many connections as there are conversations, each the next one when the last is answered. All
 * that was sent is waited for.
 *
 * @param urls servers; connections take turns between them
 */
export async function sendLoad(
  conversations: readonly Conversation[],
  urls: readonly string[],
  amount: Amount,
): Promise<LoadFigures> {
  const started = performance.now();
  const histogram = createHistogram();
  const load: Load = { amount, deadline: started + amount.time, histogram, sent: 0, errors: 0, firstError: "" };
  const sleep = amount.awake ? stayAwake() : () => {};
  await Promise.all(
    conversations.map((conversation, index) => talk(conversation, new URL(urls[index % urls.length] ?? ""), load)),
  );
  sleep();
  return {
    requests: load.sent,
    errors: load.errors,
    firstError: load.firstError,
    seconds: (performance.now() - started) / 1000,
    p50: histogram.percentile(50) / MILLISECOND,
    p99: histogram.percentile(99) / MILLISECOND,
  };
}

/**
 * Asks for events again and again instead of sleeping until there are any. To wake a sleeping core is work of whoever
 * writes to the socket, and on a virtual machine a good part of a request: a slow server would be charged for a generator
 * that has nothing to do, and the floor, which keeps it busy, would not.
 */
function stayAwake(): () => void {
  let isAwake = true;
  const turn = () => isAwake && void setImmediate(turn);
  turn();
  return () => void (isAwake = false);
}

/** One connection, until the load's end. A connection that the server closes is an error, and opened again. */
async function talk(conversation: Conversation, url: URL, load: Load): Promise<void> {
  do {
    await new Promise<void>((resolve) => {
      const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
      socket.setTimeout(ANSWER_LIMIT, () => socket.destroy(new Error("no answer came in time")));
      new Connection(socket, conversation, url.host, load, resolve).send();
    });
  } while (!isOver(load) && load.errors < load.amount.connections);
}

class Connection {
  readonly #reader = new ResponseReader();
  #sentAt = 0;
  #isWaiting = false;

  constructor(
    private readonly socket: Socket,
    private readonly conversation: Conversation,
    private readonly host: string,
    private readonly load: Load,
    onEnd: () => void,
  ) {
    socket.on("data", (received) => this.#receive(received));
    socket.on("error", (error) => this.#fail(error.message));
    socket.on("close", () => {
      this.#fail("the server closed the connection");
      onEnd();
    });
  }

  send(): void {
    if (this.socket.destroyed) return; // During a pause: `talk` opens another one.
    if (isOver(this.load)) return void this.socket.destroy();
    this.load.sent += 1;
    this.#isWaiting = true;
    this.#sentAt = performance.now();
    this.socket.write(this.conversation.next(this.host), "utf8");
  }

  #receive(received: Buffer): void {
    const answer = this.#reader.read(received);
    if (answer === null) return;
    this.load.histogram.record(Math.max(1, Math.round((performance.now() - this.#sentAt) * MILLISECOND)));
    const problem = this.conversation.accept(answer);
    if (problem !== null) this.#fail(problem);
    this.#isWaiting = false;
    const { pause = 0 } = this.load.amount;
    if (pause === 0) this.send();
    else setTimeout(() => this.send(), pause);
  }

  /** Counts what went wrong with the request that is out, once. */
  #fail(problem: string): void {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.load.errors += 1;
    this.load.firstError ||= problem;
  }
}

function isOver({ sent, deadline, amount }: Load): boolean {
  return sent >= Math.max(amount.requests, amount.connections) || performance.now() >= deadline;
}
