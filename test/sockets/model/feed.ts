/** Numbers that a host application tells its subscribers, and whoever stops to listen is gone at once. */
export class Feed {
  readonly listeners = new Set<(tick: number) => void>();

  publish(tick: number): void {
    for (const listener of this.listeners) listener(tick);
  }

  ticks(): AsyncIterableIterator<number> {
    const { listeners } = this;
    const ready: number[] = [];
    let wake = (): void => {};
    const listener = (tick: number): void => {
      ready.push(tick);
      wake();
    };
    listeners.add(listener);
    return {
      async next() {
        while (ready.length === 0 && listeners.has(listener)) await new Promise<void>((resolve) => (wake = resolve));
        const value = ready.shift();
        return value === undefined ? { done: true, value } : { done: false, value };
      },
      async return() {
        listeners.delete(listener);
        wake();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
