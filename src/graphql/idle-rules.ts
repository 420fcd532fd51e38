import { type GraphQLSchema, isObjectType } from "graphql";
import { getMetadataStorage } from "type-graphql";
import { type DecoratedClass, hasRule, lineOf } from "./declarations.js";

/** What TypeGraphQL keeps of a field of a class. */
interface FieldDeclaration {
  readonly target: DecoratedClass;
  readonly name: string;
  readonly schemaName: string;
}

/**
 * The fields of object types of this schema whose rule is never asked: TypeGraphQL does without its own resolver where a
 * field, or its class, is `simple`, and `@Authorized` goes with it, wherever the field is inherited from. For example
 * `Note.secret (GraphQL field: it is simple, so its rule is never asked)`.
 */
export function fieldsWithIdleRule(schema: GraphQLSchema): string[] {
  return getMetadataStorage().objectTypes.flatMap(({ name, target }) => {
    const type = schema.getType(name);
    if (!isObjectType(type)) return [];
    return Object.values(type.getFields())
      .filter((field) => field.resolve === undefined)
      .filter((field) => declarationsOf(field.name, target).some((one) => hasRule(one.target, one.name)))
      .map((field) => `${name}.${field.name} (GraphQL field: it is simple, so its rule is never asked)`);
  });
}

/** The nearest ones, as in the schema: of the class, or else of its interfaces, or else of what it extends. */
function declarationsOf(schemaName: string, objectClass: DecoratedClass): FieldDeclaration[] {
  const declared = getMetadataStorage().fields.filter((field) => field.schemaName === schemaName);
  const levels = lineOf(objectClass).flatMap((ancestor) => [[ancestor], interfacesOf(ancestor)]);
  const declarations = levels.map((level) => declared.filter(({ target }) => level.includes(target)));
  return declarations.find(({ length }) => length > 0) ?? [];
}

function interfacesOf(objectClass: DecoratedClass): DecoratedClass[] {
  const { objectTypes } = getMetadataStorage();
  return objectTypes.flatMap(({ target, interfaceClasses = [] }) => (target === objectClass ? interfaceClasses : []));
}
