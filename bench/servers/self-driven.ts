import type { Amount, LoadFigures } from "../load/plan.js";

/** How a process is started that does its work without being asked over HTTP. */
export const SELF_DRIVEN = { ready: /^ready/, channel: true };

/**
 * Does a piece of work again and again, as many at once as the amount has connections, whenever this process is told
 * to over Node's channel.
 *
 * @param work rejects when it did not do what it had to
 */
export function driveItself(work: (index: number) => Promise<void>): void {
  process.on("message", (amount: Amount) => void drive(work, amount).then((figures) => process.send?.(figures)));
  console.log("ready");
}

async function drive(work: (index: number) => Promise<void>, amount: Amount): Promise<LoadFigures> {
  const started = performance.now();
  const times: number[] = [];
  let firstError = "";
  let errors = 0;
  const isOver = () =>
    times.length >= Math.max(amount.requests, amount.connections) || performance.now() - started >= amount.time;
  async function lane(index: number): Promise<void> {
    do {
      const began = performance.now();
      await work(index).catch((error: unknown) => {
        errors += 1;
        firstError ||= String(error);
      });
      times.push(performance.now() - began);
    } while (!isOver());
  }
  await Promise.all(Array.from({ length: amount.connections }, (_, index) => lane(index)));
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const percentile = (share: number) => times[Math.floor((times.length - 1) * share)] ?? 0;
  return { requests: times.length, errors, firstError, seconds, p50: percentile(0.5), p99: percentile(0.99) };
}
