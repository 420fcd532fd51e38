// Loaded into a server before its own program: tells over Node's channel what its memory is, after all garbage is collected.
import { setImmediate as turn } from "node:timers/promises";
import type { HeldMemory } from "./held-memory.js";

const MEBIBYTE = 2 ** 20;

process.on("message", () => void tell());
process.channel?.unref(); // A server ends by itself, as without the channel.

async function tell(): Promise<void> {
  // What the first collection lets go of, by finalizers and weak references, the second one finds.
  for (let time = 1; time <= 2; time += 1) {
    globalThis.gc?.();
    await turn();
  }
  const { heapUsed, rss } = process.memoryUsage();
  const held: HeldMemory = { heap: heapUsed / MEBIBYTE, resident: rss / MEBIBYTE };
  process.send?.(held);
}
