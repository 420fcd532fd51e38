import { type GraphQLSchema, isObjectType } from "graphql";
import { getMetadataStorage } from "type-graphql";

/**
 * The fields of object types of this schema whose rule is never asked: TypeGraphQL does without its own resolver where a
 * field, or its class, is `simple`, and `@Authorized` goes with it. For example
 * `Note.secret (GraphQL field: it is simple, so its rule is never asked)`.
 */
export function fieldsWithIdleRule(schema: GraphQLSchema): string[] {
  return getMetadataStorage().objectTypes.flatMap(({ name, target }) => {
    const type = schema.getType(name);
    if (!isObjectType(type)) return [];
    return ruledFields(target)
      .filter((schemaName) => type.getFields()[schemaName]?.resolve === undefined)
      .map((schemaName) => `${name}.${schemaName} (GraphQL field: it is simple, so its rule is never asked)`);
  });
}

/** The fields that a class declares with a rule, by their names in the schema. */
function ruledFields(objectClass: unknown): string[] {
  const { fields, authorizedFields, authorizedResolver } = getMetadataStorage();
  const whole = authorizedResolver.some(({ target }) => target === objectClass);
  return fields
    .filter(({ target }) => target === objectClass)
    .filter(({ name }) => whole || authorizedFields.some((one) => one.target === objectClass && one.fieldName === name))
    .map(({ schemaName }) => schemaName);
}
