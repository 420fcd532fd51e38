import {
  type FieldNode,
  getNullableType,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLSchema,
  isLeafType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
} from "graphql";

/*
 * Variables and arguments as most clients send them: scalars and enums in variables, each of which is a whole argument.
 * What they are is found out when the query is planned. Nothing is refused here: of whatever is unusual or could be wrong the
 * answer is null, and graphql-js coerces it and says what is wrong with it.
 */

type Values = Readonly<Record<string, unknown>>;

/** A variable of a scalar or an enum. */
export interface PlannedVariable {
  readonly name: string;
  readonly type: GraphQLLeafType;
  /** Whether it may be left out, and is then not there. */
  readonly isOptional: boolean;
  readonly isNullable: boolean;
}

/** An argument whose value is a variable. */
export interface PlannedArgument {
  readonly name: string;
  readonly variable: string;
  /** Whether it may be left out, and is then not there. */
  readonly isOptional: boolean;
  readonly isNullable: boolean;
}

/** The variables of an operation of a valid document; null where graphql-js has to coerce them. */
export function planVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): readonly PlannedVariable[] | null {
  const planned: PlannedVariable[] = [];
  for (const { variable, type: typeNode, defaultValue } of variableDefinitions) {
    const type = typeFromAST(schema, typeNode);
    const nullable = getNullableType(type);
    const name = variable.name.value;
    if (!isLeafType(nullable) || isReserved(name)) return null;
    const isNullable = !isNonNullType(type);
    planned.push({ name, type: nullable, isOptional: isNullable && !defaultValue, isNullable });
  }
  return planned;
}

/** "Coercing Variable Values" (GraphQL, section 6.1.2), of values that are right. */
export function quickVariables(planned: readonly PlannedVariable[], given: Values): Record<string, unknown> | null {
  const coerced: Record<string, unknown> = {};
  for (const { name, type, isOptional, isNullable } of planned) {
    if (!Object.hasOwn(given, name)) {
      if (isOptional) continue;
      return null;
    }
    const value = given[name] ?? null;
    const parsed = value === null ? (isNullable ? null : undefined) : parsedValue(type, value);
    if (parsed === undefined) return null;
    coerced[name] = parsed;
  }
  return coerced;
}

/** The arguments of a field of a valid document; null where graphql-js has to coerce them. */
export function planArguments(
  { args }: GraphQLField<unknown, unknown>,
  { arguments: nodes = [] }: FieldNode,
): readonly PlannedArgument[] | null {
  const planned: PlannedArgument[] = [];
  for (const { name, type, defaultValue } of args) {
    const isNullable = !isNonNullType(type);
    const isOptional = isNullable && defaultValue === undefined;
    const node = nodes.find((one) => one.name.value === name);
    if (!node && isOptional) continue;
    if (node?.value.kind !== Kind.VARIABLE || isReserved(name)) return null;
    planned.push({ name, variable: node.value.name.value, isOptional, isNullable });
  }
  return planned;
}

/** "Coercing Field Arguments" (GraphQL, section 6.4.1), of variables that are coerced already. */
export function quickArguments(planned: readonly PlannedArgument[], variables: Values): Record<string, unknown> | null {
  const coerced: Record<string, unknown> = {};
  for (const { name, variable, isOptional, isNullable } of planned) {
    if (!Object.hasOwn(variables, variable)) {
      if (isOptional) continue;
      return null;
    }
    const value = variables[variable];
    if (value === undefined || (value === null && !isNullable)) return null;
    coerced[name] = value;
  }
  return coerced;
}

/** Undefined where it is none of the type. */
function parsedValue(type: GraphQLLeafType, value: unknown): unknown {
  try {
    return type.parseValue(value);
  } catch {
    return undefined;
  }
}

/** `__proto__` is a name in GraphQL too, and assigned to it is something else. */
function isReserved(name: string): boolean {
  return name.startsWith("__");
}
