import type { AnyTRPCRouter } from "@trpc/server";
import type { GraphQLSchema } from "graphql";
import { fieldsWithIdleRule } from "./graphql/idle-rules.js";
import { operationsWithoutRule } from "./graphql/missing-rules.js";
import type { AuthResolvers } from "./graphql/schema.js";
import { proceduresWithoutRule } from "./trpc/missing-rules.js";

/** What an application has built. */
export interface Built {
  /** The resolver classes that `buildSchema` is given. */
  readonly resolvers?: AuthResolvers | undefined;
  /** What `buildSchema` answered: looked through for `@Authorized` on simple fields, where TypeGraphQL ignores it. */
  readonly schema?: GraphQLSchema | undefined;
  readonly router?: AnyTRPCRouter | undefined;
}

/** Somebody forgot to decide who may. The message is for the developer. */
export class MissingRulesError extends Error {
  override readonly name = "MissingRulesError";

  /** @param missing for example `RecipeResolver.kitchen (GraphQL query)`, `recipes.list (tRPC query)` */
  constructor(readonly missing: readonly string[]) {
    const lines = [
      "These have no rule, and requireRules is on:",
      ...missing.map((name) => `  ${name}`),
      "Put @Authorized(...rules) or @Public() on the method of a resolver; " +
        "make a procedure of authorized(...rules) or publicProcedure.",
    ];
    super(lines.join("\n"));
  }
}

/** @throws MissingRulesError with everything that has no rule and is not marked as public */
export async function assertRules({ resolvers, schema, router }: Built): Promise<void> {
  const missing = [
    ...(resolvers ? operationsWithoutRule(resolvers) : []),
    ...(schema ? fieldsWithIdleRule(schema) : []),
    ...(router ? await proceduresWithoutRule(router) : []),
  ];
  if (missing.length > 0) throw new MissingRulesError(missing);
}
