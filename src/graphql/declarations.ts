import { getMetadataStorage } from "type-graphql";

/** A class that is decorated for TypeGraphQL. */
export type DecoratedClass = ReturnType<typeof getMetadataStorage>["fields"][number]["target"];

/** A class and those that it extends, the nearest first. */
export function lineOf<T extends DecoratedClass>(decorated: T): T[] {
  const parent = Object.getPrototypeOf(decorated) as T;
  return parent.prototype === undefined ? [decorated] : [decorated, ...lineOf(parent)];
}

/** A rule on a class is for what the class itself declares: TypeGraphQL does not put it on what is inherited. */
export function hasRule(declaring: DecoratedClass, member: string): boolean {
  const { authorizedFields, authorizedResolver } = getMetadataStorage();
  return (
    authorizedFields.some(({ target, fieldName }) => target === declaring && fieldName === member) ||
    authorizedResolver.some(({ target }) => target === declaring)
  );
}
