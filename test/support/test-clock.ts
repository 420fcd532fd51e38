import type { Clock } from "../../src/clock.js";

/** A clock that stands still until a test moves it. */
export class TestClock implements Clock {
  #time: number;

  /** @param start an ISO 8601 date and time */
  constructor(start = "2024-01-01T00:00:00Z") {
    this.#time = milliseconds(start);
  }

  now(): Date {
    return new Date(this.#time);
  }

  /** @param time an ISO 8601 date and time */
  set(time: string): void {
    this.#time = milliseconds(time);
  }

  /** @param seconds may be a fraction, and negative for a clock that is set back */
  advance(seconds: number): void {
    this.#time += Math.round(seconds * 1000);
  }
}

function milliseconds(time: string): number {
  const parsed = Date.parse(time);
  if (Number.isNaN(parsed)) throw new Error(`${time} is no ISO 8601 date and time`);
  return parsed;
}
