import type { AnyTRPCProcedure, AnyTRPCRouter } from "@trpc/server";

/** Filled where tRPC is built. */
const decisions = new WeakSet<object>();

/** What is built so far of a procedure. */
interface Builder {
  readonly _def: { readonly middlewares: readonly object[] };
}

/** Marks the middleware that was put last into a procedure as one that decides who may; "everybody" is a decision too. */
export function decided<TBuilder extends Builder>(builder: TBuilder): TBuilder {
  const last = builder._def.middlewares.at(-1);
  if (last) decisions.add(last);
  return builder;
}

/**
 * The procedures of a router that are made of neither `authorized(...rules)` nor a public one, for example
 * `recipes.list (tRPC query)`. Lazy routers are loaded.
 */
export async function proceduresWithoutRule(router: AnyTRPCRouter): Promise<string[]> {
  const procedures = router._def.procedures as Readonly<Record<string, AnyTRPCProcedure>>;
  const { lazy } = router._def;
  // A lazy router may hold others: each that is loaded leaves the list, and puts its own there.
  for (let waiting = Object.values(lazy); waiting.length > 0; waiting = Object.values(lazy)) {
    for (const { load } of waiting) await load();
  }
  return Object.entries(procedures)
    .filter(([, procedure]) => !hasDecision(procedure))
    .map(([path, { _def }]) => `${path} (tRPC ${_def.type})`);
}

/** tRPC's types do not say that a finished procedure holds its middlewares. */
function hasDecision(procedure: AnyTRPCProcedure): boolean {
  return (procedure as unknown as Builder)._def.middlewares.some((middleware) => decisions.has(middleware));
}
