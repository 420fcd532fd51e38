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

/** A variable of a scalar or an enum, or an argument whose value is a variable. */
export interface PlannedInput {
  readonly name: string;
  /** The name of its value among those that are given. */
  readonly source: string;
  /** Whether it may be left out, and is then not there. */
  readonly isOptional: boolean;
  readonly isNullable: boolean;
  /** Makes what it is of a value that is not null; undefined of one that is wrong. */
  readonly coerce: (value: unknown) => unknown;
}

/** The variables of an operation of a valid document; null where graphql-js has to coerce them. */
export function planVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): readonly PlannedInput[] | null {
  const planned: PlannedInput[] = [];
  for (const { variable, type: typeNode, defaultValue } of variableDefinitions) {
    const type = typeFromAST(schema, typeNode);
    const nullable = getNullableType(type);
    const name = variable.name.value;
    if (!isLeafType(nullable) || isReserved(name)) return null;
    const isNullable = !isNonNullType(type);
    const coerce = (value: unknown) => parsedValue(nullable, value);
    planned.push({ name, source: name, isOptional: isNullable && !defaultValue, isNullable, coerce });
  }
  return planned;
}

/** The arguments of a field of a valid document; null where graphql-js has to coerce them. */
export function planArguments(
  { args }: GraphQLField<unknown, unknown>,
  { arguments: nodes = [] }: FieldNode,
): readonly PlannedInput[] | null {
  const planned: PlannedInput[] = [];
  for (const { name, type, defaultValue } of args) {
    const isNullable = !isNonNullType(type);
    const isOptional = isNullable && defaultValue === undefined;
    const node = nodes.find((one) => one.name.value === name);
    if (!node && isOptional) continue;
    if (node?.value.kind !== Kind.VARIABLE || isReserved(name)) return null;
    planned.push({ name, source: node.value.name.value, isOptional, isNullable, coerce: asItIs });
  }
  return planned;
}

/**
 * "Coercing Variable Values" and "Coercing Field Arguments" (GraphQL, sections 6.1.2 and 6.4.1), of values that are right.
 *
 * @param values of variables as they were given, of arguments the variables that are coerced already
 */
export function quickInputs(
  planned: readonly PlannedInput[],
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> | null {
  const coerced: Record<string, unknown> = {};
  for (const { name, source, isOptional, isNullable, coerce } of planned) {
    if (!Object.hasOwn(values, source)) {
      if (isOptional) continue;
      return null;
    }
    const value = values[source];
    if (value === undefined || (value === null && !isNullable)) return null;
    const input = value === null ? null : coerce(value);
    if (input === undefined) return null;
    coerced[name] = input;
  }
  return coerced;
}

function asItIs(value: unknown): unknown {
  return value;
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
