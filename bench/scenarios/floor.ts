import { type Contender, fixedPlan, underLoad } from "../contender.js";
import type { RequestParts } from "../load/plan.js";

/** The bare handler, on one of its routes. */
export function floor(name: string, requests: readonly RequestParts[], expected: unknown): Contender {
  return {
    name,
    async start(bench) {
      const child = await bench.start("servers/floor");
      return underLoad(bench, [child], await fixedPlan(child.address, requests, expected));
    },
  };
}
