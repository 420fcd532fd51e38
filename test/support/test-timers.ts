import { setImmediate as nextTurn } from "node:timers/promises";
import type { SetTimer } from "../../src/timer.js";
import type { TestClock } from "./test-clock.js";

interface Timer {
  readonly due: number;
  readonly wake: () => void;
}

/** Timers by the clock of a test: time passes when it says so. */
export class TestTimers {
  readonly #pending = new Set<Timer>();

  constructor(private readonly clock: TestClock) {}

  /** What the server is given. */
  readonly set: SetTimer = (wake, milliseconds) => {
    const timer = { due: this.clock.now().getTime() + milliseconds, wake };
    this.#pending.add(timer);
    return () => void this.#pending.delete(timer);
  };

  /** How many wait. */
  get size(): number {
    return this.#pending.size;
  }

  /** Lets time pass, and whatever is due in it happen at its moment. */
  async pass(seconds: number): Promise<void> {
    const end = this.clock.now().getTime() + seconds * 1000;
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.clock.advance(Math.max(0, timer.due - this.clock.now().getTime()) / 1000);
      this.#pending.delete(timer);
      timer.wake();
      await nextTurn();
    }
    this.clock.advance((end - this.clock.now().getTime()) / 1000);
  }

  #next(end: number): Timer | undefined {
    const [first] = Array.from(this.#pending).toSorted((one, other) => one.due - other.due);
    return first && first.due <= end ? first : undefined;
  }
}
