import { GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from "graphql";

/** Any JSON value, under the name that django-graphql-jwt's clients know. */
export const GenericScalar = new GraphQLScalarType<unknown, unknown>({
  name: "GenericScalar",
  description: "Any JSON value; here the payload of a token.",
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node: ValueNode, variables) => {
    if (node.kind === Kind.ENUM) return node.value;
    return valueFromASTUntyped(node, variables);
  },
});
