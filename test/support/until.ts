import { setTimeout as delay } from "node:timers/promises";

/**
 * Asks again and again until the answer is yes.
 *
 * @param limit milliseconds
 * @throws Error when the limit is over; with the last failure as its cause, if asking failed
 */
export async function until(holds: () => boolean | Promise<boolean>, limit = 20_000): Promise<void> {
  const deadline = performance.now() + limit;
  let cause: unknown;
  while (performance.now() < deadline) {
    try {
      if (await holds()) return;
    } catch (error) {
      cause = error;
    }
    await delay(20);
  }
  throw new Error(`did not come true within ${limit} ms`, { cause });
}
