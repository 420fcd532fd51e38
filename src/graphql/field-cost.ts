import {
  type FieldNode,
  getArgumentValues,
  getVariableValues,
  isUnionType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  type ValueNode,
} from "graphql";

/** The variables of a request, as the client sent them. */
export type Variables = Readonly<Record<string, unknown>> | null | undefined;

type Field = GraphQLField<unknown, unknown>;

const META_FIELDS: readonly Field[] = [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef];

/** What a `complexity` function is given: as TypeGraphQL's type has it, without the request's context. */
interface Estimated {
  readonly type: GraphQLCompositeType;
  readonly field: Field;
  readonly node: FieldNode;
  readonly args: Readonly<Record<string, unknown>>;
  readonly childComplexity: number;
}

/** Costs of the fields of one operation. */
export class FieldCosts {
  /** Whether any of the costs asked for so far may be another with other variables. */
  dependOnVariables = false;
  private values: Readonly<Record<string, unknown>> | undefined;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly operation: OperationDefinitionNode,
    private readonly variables: Variables,
  ) {}

  /**
   * What a field of this type costs, with all below it.
   *
   * @param childComplexity what is below it
   */
  of(node: FieldNode, type: GraphQLCompositeType, childComplexity: number): number {
    const field = fieldOf(type, node.name.value);
    const complexity = field?.extensions["complexity"] ?? 1;
    if (!field || typeof complexity !== "function") return bounded(complexity) + childComplexity;
    this.dependOnVariables ||= (node.arguments ?? []).some(({ value }) => hasVariable(value));
    const args = this.argumentsOf(field, node);
    // The execution ends at this field, or before it.
    if (!args) return 1 + childComplexity;
    const estimated: Estimated = { type, field, node, args, childComplexity };
    return bounded((complexity as (estimated: Estimated) => unknown)(estimated));
  }

  /** Undefined if they do not fit: the execution says what is wrong. */
  private argumentsOf(field: Field, node: FieldNode): Readonly<Record<string, unknown>> | undefined {
    try {
      return getArgumentValues(field, node, this.variableValues());
    } catch {
      return undefined;
    }
  }

  private variableValues(): { [variable: string]: unknown } {
    if (this.values) return this.values;
    const { variableDefinitions = [] } = this.operation;
    const { coerced = {} } = getVariableValues(this.schema, variableDefinitions, this.variables ?? {}, {
      maxErrors: 1,
    });
    return (this.values = coerced);
  }
}

/** The field of a type with this name; those that every type has, too. */
export function fieldOf(type: GraphQLCompositeType, name: string): Field | undefined {
  const own = isUnionType(type) ? undefined : type.getFields()[name];
  return own ?? META_FIELDS.find((field) => field.name === name);
}

/** A cost below 0 would pay for the fields beside it. What is no number is more than any limit: a mistake admits nothing. */
function bounded(cost: unknown): number {
  return typeof cost === "number" && !Number.isNaN(cost) ? Math.max(cost, 0) : Number.POSITIVE_INFINITY;
}

function hasVariable(value: ValueNode): boolean {
  if (value.kind === Kind.VARIABLE) return true;
  if (value.kind === Kind.LIST) return value.values.some(hasVariable);
  return value.kind === Kind.OBJECT && value.fields.some((field) => hasVariable(field.value));
}
