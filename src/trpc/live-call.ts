import type { TRPCProcedureType } from "@trpc/server";
import { isObservable, observableToAsyncIterable } from "@trpc/server/observable";
import type { Connection } from "../auth/connection.js";
import type { ConnectionOperation } from "../auth/connection-operation.js";
import type { AcceptedIdentity } from "../auth/token-liveness.js";
import { openConnection } from "../request/connect.js";
import type { AuthContext } from "../request/context.js";
import { asTRPCError } from "./error-shape.js";

interface Call {
  readonly type: TRPCProcedureType;
  readonly signal: AbortSignal | undefined;
}

/** A call on a socket, or one that is answered with an event stream. */
export class LiveCall {
  /** Stops an observable, which has no end of its own. */
  private readonly aborted = new AbortController();

  private constructor(
    readonly connection: Connection,
    readonly operation: ConnectionOperation,
    /** What to do when it is over. */
    private readonly close: () => void,
    /** Of the client that has gone. */
    private readonly signal: AbortSignal | undefined,
  ) {}

  /**
   * Begins a call on the socket of the context. A subscription without one is answered with an event stream, which is a
   * connection of its own. Null for any other call: it is answered once, and nothing is to be watched.
   *
   * @throws JsonWebTokenError if the connection is over, TooManyOperationsError, TooManyConnectionsError, ServiceUnavailableError
   */
  static async begin(context: AuthContext, { type, signal }: Call): Promise<LiveCall | null> {
    if (context.operation) return null; // It has begun already: one of our procedures is built on another.
    if (context.connection) {
      const operation = await context.connection.begin();
      return new LiveCall(context.connection, operation, operation.finish, signal);
    }
    if (type !== "subscription") return null;
    const { connection } = openConnection(context);
    return new LiveCall(connection, connection.start(), () => connection.close(), signal);
  }

  /** Who asks, as of now. */
  get identity(): AcceptedIdentity | { readonly user: null; readonly payload: null } {
    return this.operation.identity ?? { user: null, payload: null };
  }

  /** Ends what a subscription yields with the connection; any other call is over. */
  watch<TResult extends { readonly ok: boolean }>(result: TResult): TResult {
    const values = result.ok && "data" in result ? valuesOf(result.data, this.aborted.signal) : undefined;
    if (!values) {
      this.close();
      return result;
    }
    const data = this.operation.guard(values, { atTheEnd: "fail", asError: asTRPCError, onOver: () => this.over() });
    this.stopWith(this.signal, () => void data.return(undefined));
    return { ...result, data };
  }

  /** tRPC waits for the next value before it stops a stream; one whose client has gone may never have another. */
  private stopWith(signal: AbortSignal | undefined, stop: () => void): void {
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true, signal: this.aborted.signal });
  }

  private over(): void {
    this.aborted.abort();
    this.close();
  }
}

function valuesOf(data: unknown, signal: AbortSignal): AsyncIterable<unknown> | undefined {
  if (isObservable(data)) return observableToAsyncIterable(data, signal);
  const isIterable = typeof data === "object" && data !== null && Symbol.asyncIterator in data;
  return isIterable ? (data as AsyncIterable<unknown>) : undefined;
}
