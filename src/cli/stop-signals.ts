import type { EventEmitter } from "node:events";
import type { Clock } from "../clock.js";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** Signals that follow within so many milliseconds are the same one: npm passes on the Ctrl+C that the terminal has sent already. */
const ECHO = 500;

/**
 * Resolves at the first SIGTERM or SIGINT. A second one, of a person who has waited enough, ends the process at once.
 *
 * @param emitter the process
 * @param exit ends it, with the exit code that shells know for the signal
 */
export function stopSignal(emitter: EventEmitter, clock: Clock, exit: (code: number) => void): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const receive = (signal: NodeJS.Signals, number: number) => {
      const time = clock.now().getTime();
      first ??= time;
      if (time - first >= ECHO) exit(128 + number);
      resolve(signal);
    };
    for (const signal of SIGNALS) emitter.on(signal, receive);
  });
}
