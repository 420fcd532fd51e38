interface Waiter<T> {
  resolve(result: IteratorResult<T>): void;
  reject(reason: unknown): void;
}

const DONE = { done: true, value: undefined } as const;

/**
 * The values of another stream, until it is stopped from outside: nothing that the other one yields comes through after
 * that, not even to a reader who waits already. An async generator could not do it, because its `return` waits for the
 * `await` that it stands at.
 */
export class StoppableStream<T> implements AsyncGenerator<T, undefined> {
  private readonly waiters = new Set<Waiter<T>>();
  private readonly inner: AsyncIterator<T>;
  private state: "open" | "silent" | "over" = "open";
  private failure: { readonly error: Error } | undefined;

  /**
   * @param onOver is called once, when no reader will get anything any more
   * @param asError what a reader is told instead of an error
   */
  constructor(
    values: AsyncIterable<T>,
    private readonly onOver: () => void,
    private readonly asError: (error: unknown) => unknown = (error) => error,
  ) {
    this.inner = values[Symbol.asyncIterator]();
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.state === "over") return this.ending();
    const next = new Promise<IteratorResult<T>>((resolve, reject) => this.waiters.add({ resolve, reject }));
    if (this.state === "open") void this.pull();
    return next as Promise<IteratorResult<T, undefined>>;
  }

  /** The reader has had enough. */
  async return(): Promise<IteratorResult<T, undefined>> {
    this.finish();
    return DONE;
  }

  async throw(error: unknown): Promise<IteratorResult<T, undefined>> {
    this.finish();
    throw error;
  }

  /** Lets nothing through any more, not even the end: for a transport that will be closed around it. */
  silence(): void {
    if (this.state !== "open") return;
    this.state = "silent";
    this.stopInner();
  }

  /** Ends it with an error. */
  fail(error: Error): void {
    if (this.state !== "open") return;
    const told = this.asError(error) as Error;
    // A reader who waits is told now, any other when they ask.
    if (this.waiters.size === 0) this.failure = { error: told };
    this.finish((waiter) => waiter.reject(told));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.return().then(() => undefined);
  }

  private async ending(): Promise<IteratorResult<T, undefined>> {
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure.error;
    return DONE;
  }

  private async pull(): Promise<void> {
    try {
      const result = await this.inner.next();
      if (this.state !== "open") return;
      if (result.done) return this.finish();
      this.takeWaiter()?.resolve(result);
    } catch (error) {
      if (this.state !== "open") return;
      this.takeWaiter()?.reject(this.asError(error));
      this.finish();
    }
  }

  private takeWaiter(): Waiter<T> | undefined {
    const [waiter] = this.waiters;
    if (waiter) this.waiters.delete(waiter);
    return waiter;
  }

  private finish(tell: (waiter: Waiter<T>) => void = (waiter) => waiter.resolve(DONE)): void {
    if (this.state === "over") return;
    if (this.state === "open") this.stopInner();
    this.state = "over";
    for (const waiter of this.waiters) tell(waiter);
    this.waiters.clear();
    this.onOver();
  }

  /** Not waited for: a resolver of a host application may never come to its end. */
  private stopInner(): void {
    void Promise.resolve(this.inner.return?.()).catch(() => undefined);
  }
}
