import type { AuthError } from "../errors.js";
import type { AcceptedIdentity } from "./token-liveness.js";
import { Farewell } from "./farewell.js";
import type { SessionEvent } from "./logout.js";
import { StoppableStream } from "./stoppable-stream.js";

export interface GuardOptions {
  /** What a subscription does when its connection is over: it says nothing more, or it ends with the reason as its error. */
  readonly atTheEnd: "silence" | "fail";
  /** What the reader is told instead of an error. By default the error. */
  readonly asError?: (error: unknown) => unknown;
  /** Is called once, when nobody reads it any more. By default the operation is finished then. */
  readonly onOver?: () => void;
}

/** One query, mutation or subscription on a connection. */
export class ConnectionOperation {
  private stream: StoppableStream<unknown> | undefined;
  private farewell: Farewell | undefined;
  private atTheEnd: GuardOptions["atTheEnd"] = "silence";

  constructor(
    /** Who asks, as of the moment it began; null for nobody. */
    readonly identity: AcceptedIdentity | null,
    /** Takes it off its connection. To call it again does nothing. */
    readonly finish: () => void,
  ) {}

  /** Whether the connection should wait for it before it closes: for an answer, and for the news that it is over. */
  get isAwaited(): boolean {
    return this.stream === undefined || this.farewell !== undefined;
  }

  /** The stream that tells the client why it is logged out, and then ends. */
  sessionEvents(): AsyncIterableIterator<SessionEvent> {
    this.farewell = new Farewell();
    return this.farewell;
  }

  /** What a subscription yields, and nothing once the connection is over: but for `sessionEvents`, which tells of that. */
  guard<T>(
    values: AsyncIterable<T>,
    { atTheEnd, onOver = this.finish, asError }: GuardOptions,
  ): AsyncGenerator<T, undefined> {
    const stream = new StoppableStream(values, onOver, asError);
    this.stream = stream;
    this.atTheEnd = atTheEnd;
    return stream;
  }

  /** The connection is over. @param event what happened to the person; null if nothing did */
  end(event: SessionEvent | null, error: AuthError): void {
    if (!event) this.farewell = undefined; // There is nothing to wait for.
    if (this.farewell && event) this.farewell.tell(event);
    else if (this.atTheEnd === "fail") this.stream?.fail(error);
    else this.stream?.silence();
  }

  /** The transport is gone. */
  abandon(): void {
    void this.stream?.return();
    this.finish();
  }
}
