import type { SessionEvent } from "./logout.js";

const DONE = { done: true, value: undefined } as const;

/** A stream of one event that comes late: that the person is logged out. */
export class Farewell implements AsyncIterableIterator<SessionEvent> {
  private event: SessionEvent | undefined;
  private isOver = false;
  private waiter: ((result: IteratorResult<SessionEvent>) => void) | undefined;

  next(): Promise<IteratorResult<SessionEvent>> {
    const { event } = this;
    if (event) this.isOver = true;
    this.event = undefined;
    if (event) return Promise.resolve({ done: false, value: event });
    if (this.isOver) return Promise.resolve(DONE);
    return new Promise((resolve) => (this.waiter = resolve));
  }

  /** Tells the reader; what they read after it is the end. */
  tell(event: SessionEvent): void {
    if (this.isOver) return;
    if (!this.waiter) {
      this.event = event;
      return;
    }
    this.isOver = true;
    this.waiter({ done: false, value: event });
  }

  async return(): Promise<IteratorResult<SessionEvent>> {
    this.isOver = true;
    this.waiter?.(DONE);
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
