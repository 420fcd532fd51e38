import { type Arbitrary, array, boolean, constant, constantFrom, integer, nat, oneof, record } from "fast-check";
import type { ModelSettings } from "./refresh-model.js";

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;

export type Node = "first" | "second";
/** `token` counts all tokens that were handed out, the latest first, so that most steps are about recent ones. */
export type Step =
  | { readonly do: "login"; readonly node: Node }
  | { readonly do: "restart"; readonly node: Node }
  | { readonly do: "refresh" | "look" | "revoke" | "use"; readonly node: Node; readonly token: number }
  | { readonly do: "race"; readonly token: number; readonly clients: number }
  | { readonly do: "wait"; readonly milliseconds: number };

const onNode = constantFrom<Node>("first", "second");
const oneToken = nat({ max: 6 });
const WAITS = [
  1,
  999,
  SECOND,
  4_999,
  9_999,
  10_000,
  10_001,
  299_999,
  300_000,
  DAY,
  7 * DAY,
  7 * DAY + SECOND,
  40 * DAY,
  -SECOND,
  -11_000,
];
const oneStep: Arbitrary<Step> = oneof(
  { weight: 2, arbitrary: record({ do: constantFrom("login" as const), node: onNode }) },
  { weight: 1, arbitrary: record({ do: constantFrom("restart" as const), node: onNode }) },
  { weight: 8, arbitrary: record({ do: constantFrom("refresh" as const), node: onNode, token: oneToken }) },
  {
    weight: 3,
    arbitrary: record({
      do: constantFrom("look" as const, "revoke" as const, "use" as const),
      node: onNode,
      token: oneToken,
    }),
  },
  {
    weight: 2,
    arbitrary: record({ do: constantFrom("race" as const), token: oneToken, clients: integer({ min: 2, max: 5 }) }),
  },
  { weight: 4, arbitrary: record({ do: constantFrom("wait" as const), milliseconds: constantFrom(...WAITS) }) },
);

/** What may happen, in any order. */
export const someSteps: Arbitrary<Step[]> = array(oneStep, { minLength: 10, maxLength: 60, size: "max" });

export const someSettings: Arbitrary<ModelSettings> = record({
  rotation: boolean(),
  grace: constantFrom(0, 10 * SECOND),
  delta: constant(7 * DAY),
  absolute: constant(90 * DAY),
});
