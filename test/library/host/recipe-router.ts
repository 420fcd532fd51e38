import { type AuthRouter, createTrpc } from "../../../src/index.js";
import type { HostContext } from "./recipe-resolver.js";
import type { Recipe } from "./recipes.js";

const { router, procedure, authorized } = createTrpc<HostContext>();

/** The host's own input, checked by its own parser. */
function title(input: unknown): { title: string; to: string } {
  const { title: from, to } = input as Record<string, unknown>;
  if (typeof from !== "string" || typeof to !== "string") throw new Error("title and to must be text");
  return { title: from, to };
}

function kitchen(input: unknown): { kitchen: string } {
  return { kitchen: String((input as Record<string, unknown>)["kitchen"]) };
}

/** The host's own procedures, protected by the same rules as its resolvers. */
export const recipeRouter = router({
  all: procedure.query(({ ctx }) => ctx.recipes.all(ctx.user?.email ?? "anybody").map(shown)),
  own: authorized().query(({ ctx }) => ctx.recipes.of(ctx.user.kitchen).map(shown)),
  of: authorized((member, { args }) => member.kitchen === args["kitchen"], "superuser")
    .input(kitchen)
    .query(({ ctx, input }) => ctx.recipes.of(input.kitchen).map(shown)),
  rename: authorized("perm:recipes.edit")
    .input(title)
    .mutation(({ ctx, input }) => shown(ctx.recipes.rename(input.title, input.to, ctx.user.email))),
});

/** The host's router with ours in it. */
export function hostRouter(auth: AuthRouter) {
  return router({ auth, recipes: recipeRouter });
}

export type HostRouter = ReturnType<typeof hostRouter>;

function shown({ title: name, kitchen: of }: Recipe): { title: string; kitchen: string } {
  return { title: name, kitchen: of };
}
