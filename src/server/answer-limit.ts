/** Something that has to be over after a while. */
export interface Limited {
  /** When it began, milliseconds of `performance.now()`. */
  readonly started: number;
  /** It has taken too long. */
  giveUp(): void;
}

/**
 * Ends what takes longer than a limit. All have the same limit, so the oldest is always the next one: one timer does for
 * all, where one for each would cost as much as looking up who asks.
 */
export class AnswerLimit {
  /** A Set keeps the order of insertion: the oldest is the first. */
  private readonly running = new Set<Limited>();
  private timer: NodeJS.Timeout | undefined;

  /** @param limit milliseconds */
  constructor(private readonly limit: number) {}

  begin(one: Limited): void {
    this.running.add(one);
    this.timer ??= this.wakeFor(one);
  }

  end(one: Limited): void {
    this.running.delete(one);
  }

  /** Ends those whose time is up, and waits for the oldest of the others. Where there is none, the next one begins anew. */
  private wake(): void {
    const now = performance.now();
    for (const one of this.running) {
      if (one.started + this.limit > now) {
        this.timer = this.wakeFor(one);
        return;
      }
      this.running.delete(one);
      one.giveUp();
    }
    this.timer = undefined;
  }

  private wakeFor({ started }: Limited): NodeJS.Timeout {
    return setTimeout(() => this.wake(), Math.ceil(started + this.limit - performance.now())).unref();
  }
}
