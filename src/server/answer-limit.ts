/** Something that has to be over after a while. */
export interface Limited {
  /** When it began, milliseconds of `performance.now()`. */
  readonly started: number;
  /** It has taken too long. */
  giveUp(): void;
}

/** A place in the line of what is running. */
export interface Running {
  readonly one: Limited;
  before: Running | null;
  after: Running | null;
}

/**
 * Ends what takes longer than a limit. All have the same limit, so the oldest is always the next one: one timer does for
 * all, where one for each would cost as much as looking up who asks.
 *
 * The line is a list whose places let go of each other as they leave it. A Set makes a table of those that it has every
 * few dozen changes and chains the tables: V8 kept some of all that had been answered until the next full collection.
 */
export class AnswerLimit {
  private oldest: Running | null = null;
  private latest: Running | null = null;
  private timer: NodeJS.Timeout | undefined;

  /** @param limit milliseconds */
  constructor(private readonly limit: number) {}

  /** Answers what `end` is to be called with. */
  begin(one: Limited): Running {
    const running: Running = { one, before: this.latest, after: null };
    if (this.latest) this.latest.after = running;
    else this.oldest = running;
    this.latest = running;
    this.timer ??= this.wakeFor(one);
    return running;
  }

  /** May be called again, and after `giveUp`. */
  end(running: Running): void {
    const { before, after } = running;
    if (before) before.after = after;
    else if (this.oldest === running) this.oldest = after;
    if (after) after.before = before;
    else if (this.latest === running) this.latest = before;
    running.before = running.after = null;
  }

  /** Ends those whose time is up, and waits for the oldest of the others. Where there is none, the next one begins anew. */
  private wake(): void {
    const now = performance.now();
    while (this.oldest && this.oldest.one.started + this.limit <= now) {
      const { oldest } = this;
      this.end(oldest);
      oldest.one.giveUp();
    }
    this.timer = this.oldest ? this.wakeFor(this.oldest.one) : undefined;
  }

  private wakeFor({ started }: Limited): NodeJS.Timeout {
    return setTimeout(() => this.wake(), Math.ceil(started + this.limit - performance.now())).unref();
  }
}
