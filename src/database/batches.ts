import { type SetTimer, unrefTimer } from "../timer.js";

/**
 * How long a batch counts as under way, milliseconds. One that takes longer is stuck, behind a lock or a database that says
 * nothing: who waits for it to end would then have the limit of a statement before him twice.
 */
export const STUCK_AFTER = 250;

/** How large batches are, and how many are under way at once. */
export interface BatchLimits {
  readonly size: number;
  readonly running: number;
}

/**
 * Collects what is asked for in one turn of the event loop, and works on it together. While as many batches as may be
 * are under way, and none of them is stuck, the next one grows: the busier the database is, the more it is given at once. Nothing is begun before
 * it was asked for, so that whoever asks sees every change that was acknowledged before.
 */
export class Batches<Item> {
  private waiting: Item[] = [];
  private running = 0;
  private isScheduled = false;

  /** @param work is given at least one item; it never rejects */
  constructor(
    private readonly work: (items: Item[]) => Promise<void>,
    private readonly limits: BatchLimits,
    private readonly setTimer: SetTimer = unrefTimer,
  ) {}

  add(item: Item): void {
    this.waiting.push(item);
    this.schedule();
  }

  private schedule(): void {
    if (this.isScheduled || this.waiting.length === 0 || this.running >= this.limits.running) return;
    this.isScheduled = true;
    // After the poll phase: by then every request that has already arrived has asked.
    setImmediate(() => {
      this.isScheduled = false;
      while (this.waiting.length > 0 && this.running < this.limits.running) this.begin();
    });
  }

  private begin(): void {
    this.running += 1;
    let counts = true;
    const leave = () => {
      if (!counts) return;
      counts = false;
      this.running -= 1;
      this.schedule();
    };
    const cancel = this.setTimer(leave, STUCK_AFTER);
    const done = () => {
      cancel();
      leave();
    };
    void this.work(this.waiting.splice(0, this.limits.size)).finally(done);
  }
}
