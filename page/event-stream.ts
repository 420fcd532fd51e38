/** One event of an event stream. */
export interface StreamEvent {
  /** Empty where the server gave none. */
  readonly name: string;
  readonly data: string;
}

/** Whether an answer goes on: if not, it is an error, or a server that has no streams. */
export function isEventStream({ headers }: Response): boolean {
  return headers.get("content-type")?.startsWith("text/event-stream") === true;
}

/** The events of an answer, as they come. The browser's own `EventSource` cannot put a token into a header. */
export async function* eventsOf({ body }: Response): AsyncGenerator<StreamEvent> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done = true, value = "" } = (await reader?.read()) ?? {};
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) yield { name: memberOf(block, "event"), data: memberOf(block, "data") };
  }
}

/**
 * Values that the reader may stop waiting for, at once: the `return` of a generator waits for the value that it stands at.
 *
 * @param make is told when to stop
 */
export function stoppable<T>(make: (signal: AbortSignal) => AsyncGenerator<T>): AsyncIterableIterator<T> {
  const stopping = new AbortController();
  const values = make(stopping.signal);
  return {
    async next() {
      try {
        return await values.next();
      } catch (error) {
        if (stopping.signal.aborted) return { done: true, value: undefined };
        throw error;
      }
    },
    async return() {
      stopping.abort();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function memberOf(block: string, name: string): string {
  const line = block.split("\n").find((text) => text.startsWith(`${name}:`)) ?? "";
  return line.slice(name.length + 1).trim();
}
