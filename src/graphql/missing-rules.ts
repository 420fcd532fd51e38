import { getMetadataStorage } from "type-graphql";
import { hasRule, lineOf } from "./declarations.js";
import { isPublic } from "./public.js";
import type { AuthResolvers } from "./schema.js";

type ResolverClass = AuthResolvers[number];

/** What TypeGraphQL keeps of a query, mutation or subscription. */
interface Operation {
  readonly target: ResolverClass;
  readonly methodName: string;
  readonly schemaName: string;
}

/**
 * The queries, mutations and subscriptions of these resolver classes that have no rule and are not public, for example
 * `RecipeResolver.kitchen (GraphQL query)`. TypeGraphQL remembers every class that was ever decorated: no other is looked
 * at.
 *
 * Fields of object types are not among them: who may call an operation may see what it answers.
 */
export function operationsWithoutRule(resolvers: AuthResolvers): string[] {
  const { queries, mutations, subscriptions } = getMetadataStorage();
  const kinds: readonly (readonly [kind: string, operations: readonly Operation[]])[] = [
    ["query", queries],
    ["mutation", mutations],
    ["subscription", subscriptions],
  ];
  return resolvers.flatMap((resolver) =>
    kinds.flatMap(([kind, operations]) =>
      operationsOf(resolver, operations)
        .filter(({ target, methodName }) => !hasRule(target, methodName))
        .filter((operation) => !isPublic(methodOf(resolver, operation)))
        .map(({ methodName }) => `${resolver.name}.${methodName} (GraphQL ${kind})`),
    ),
  );
}

/** Its own, and those of the classes that it extends; of several with one name the nearest, as in the schema. */
function operationsOf(resolver: ResolverClass, all: readonly Operation[]): Operation[] {
  const found = new Map<string, Operation>();
  for (const ancestor of lineOf(resolver)) {
    for (const operation of all.filter(({ target }) => target === ancestor)) {
      if (!found.has(operation.schemaName)) found.set(operation.schemaName, operation);
    }
  }
  return [...found.values()];
}

function methodOf(resolver: ResolverClass, { methodName }: Operation): unknown {
  return (resolver.prototype as Record<string, unknown>)[methodName];
}
