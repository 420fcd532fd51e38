import { Arg, Authorized, Ctx, Field, FieldResolver, Mutation, ObjectType, Query, Resolver, Root } from "type-graphql";
import type { AuthContext, Rule } from "../../../src/index.js";
import type { Member } from "./members.js";
import type { Recipe, Recipes } from "./recipes.js";

/** The host's context: ours, and its own properties beside it. */
export type HostContext = AuthContext<Member> & { readonly recipes: Recipes };

@ObjectType("Recipe")
export class RecipeType {
  @Field(() => String)
  title!: string;

  @Field(() => String)
  kitchen!: string;
}

const isOwnKitchen: Rule<Member> = (member, { args }) => member.kitchen === args["kitchen"];
const isOfOwnKitchen: Rule<Member> = (member, { root }) => member.kitchen === (root as Recipe).kitchen;

/** The host's own resolver, protected by our rules. */
@Resolver(() => RecipeType)
export class RecipeResolver {
  @Query(() => [RecipeType])
  recipes(@Ctx() { recipes, user }: HostContext): readonly Recipe[] {
    return recipes.all(user?.email ?? "anybody");
  }

  @Authorized()
  @Query(() => [RecipeType])
  ownRecipes(@Ctx() { recipes }: HostContext, @Ctx("user") { kitchen }: Member): readonly Recipe[] {
    return recipes.of(kitchen);
  }

  @Authorized<Rule<Member>>(isOwnKitchen, "superuser")
  @Query(() => [RecipeType])
  recipesOf(@Arg("kitchen", () => String) kitchen: string, @Ctx("recipes") recipes: Recipes): readonly Recipe[] {
    return recipes.of(kitchen);
  }

  @Authorized("perm:recipes.edit")
  @Mutation(() => RecipeType)
  renameRecipe(
    @Arg("title", () => String) title: string,
    @Arg("to", () => String) to: string,
    @Ctx("recipes") recipes: Recipes,
    @Ctx("user") { email }: Member,
  ): Recipe {
    return recipes.rename(title, to, email);
  }

  @Authorized<Rule<Member>>(isOfOwnKitchen)
  @FieldResolver(() => String, { nullable: true })
  secretIngredient(@Root() recipe: Recipe, @Ctx("recipes") recipes: Recipes): string {
    return recipes.secretOf(recipe);
  }
}
