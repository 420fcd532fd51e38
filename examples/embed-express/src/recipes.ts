import { type AuthContext, createTrpc, Public } from "janus-auth";
import { Arg, Authorized, Ctx, Mutation, Query, Resolver } from "type-graphql";
import { auth, type Member } from "./auth.js";

export type Context = AuthContext<Member> & { readonly recipes: string[] };

@Resolver()
export class RecipeResolver {
  @Public()
  @Query(() => [String])
  recipes(@Ctx() { recipes }: Context): string[] {
    return recipes;
  }

  @Authorized()
  @Query(() => String)
  greeting(@Ctx("user") member: Member): string {
    return `Hello, ${member.username}`;
  }

  @Authorized("perm:recipes.edit")
  @Mutation(() => [String])
  addRecipe(@Arg("title", () => String) title: string, @Ctx() { recipes }: Context): string[] {
    recipes.push(title);
    return recipes;
  }
}

const { router, publicProcedure, authorized } = createTrpc<Context>();

export const appRouter = router({
  auth: auth.trpcRouter,
  recipes: publicProcedure.query(({ ctx }) => ctx.recipes),
  greeting: authorized().query(({ ctx }) => `Hello, ${ctx.user.username}`), // ctx.user is a Member, not null
  addRecipe: authorized("perm:recipes.edit")
    .input((title: unknown) => String(title))
    .mutation(({ ctx, input }) => {
      ctx.recipes.push(input);
      return ctx.recipes;
    }),
});

export type AppRouter = typeof appRouter;
