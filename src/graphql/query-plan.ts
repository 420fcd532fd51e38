import {
  defaultFieldResolver,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from "graphql";
import { completeLeaf, completeList, completeNonNull, completeObject } from "./complete-value.js";
import type { Complete, PlannedField, QueryPlan } from "./execution.js";
import { planArguments, planVariables } from "./planned-inputs.js";

type Field = PlannedField["definition"];

/**
 * Plans an operation of a valid document; null for one that has anything unusual in it, which graphql-js executes:
 * fragments, directives, fields asked for twice, introspection, interfaces, unions, subscriptions.
 */
export function planOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): QueryPlan | null {
  const rootType = schema.getRootType(operation.operation);
  if (!rootType || operation.operation === OperationTypeNode.SUBSCRIPTION || operation.directives?.length) return null;
  const fields = planFields(operation.selectionSet, rootType);
  const variables = planVariables(schema, operation);
  return fields && { schema, operation, fragments: fragmentsOf(document), fields, variables };
}

function planFields({ selections }: SelectionSetNode, parentType: GraphQLObjectType): readonly PlannedField[] | null {
  const fields = new Map<string, PlannedField>();
  for (const node of selections) {
    const field = node.kind === Kind.FIELD && !node.directives?.length ? planField(node, parentType) : null;
    if (!field || fields.has(field.name)) return null;
    fields.set(field.name, field);
  }
  return [...fields.values()];
}

function planField(node: FieldNode, parentType: GraphQLObjectType): PlannedField | null {
  const definition = definitionOf(parentType, node.name.value);
  const complete = definition && planValue(definition.type, node);
  if (!complete) return null;
  return {
    name: node.alias?.value ?? node.name.value,
    node,
    nodes: [node],
    definition,
    parentType,
    resolve: definition.resolve ?? defaultFieldResolver,
    isNonNull: isNonNullType(definition.type),
    complete,
    args: planArguments(definition, node),
  };
}

function planValue(type: GraphQLOutputType, node: FieldNode): Complete | null {
  if (isNonNullType(type)) {
    const complete = planValue(type.ofType, node);
    return complete && completeNonNull(complete);
  }
  if (isListType(type)) {
    const complete = planValue(type.ofType, node);
    return complete && completeList(complete, isNonNullType(type.ofType));
  }
  if (isLeafType(type)) return completeLeaf(type);
  // Whether a value is of the type is for graphql-js to ask.
  if (!isObjectType(type) || type.isTypeOf || !node.selectionSet) return null;
  const fields = planFields(node.selectionSet, type);
  return fields && completeObject(fields);
}

function definitionOf(type: GraphQLObjectType, name: string): Field | undefined {
  return name === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : type.getFields()[name];
}

/** No fragment is spread in a planned operation, but resolvers are shown those of its document. */
function fragmentsOf({ definitions }: DocumentNode): Readonly<Record<string, FragmentDefinitionNode>> {
  const fragments = Object.create(null) as Record<string, FragmentDefinitionNode>;
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}

/** Remembers the plans of operations, together with their documents. */
export class QueryPlans {
  private readonly plans = new WeakMap<OperationDefinitionNode, QueryPlan | "none">();

  constructor(private readonly schema: GraphQLSchema) {}

  /** The plan of an operation; undefined for one that is graphql-js' to execute. */
  of(document: DocumentNode, operation: OperationDefinitionNode): QueryPlan | undefined {
    let plan = this.plans.get(operation);
    if (!plan) this.plans.set(operation, (plan = planOf(this.schema, document, operation) ?? "none"));
    return plan === "none" ? undefined : plan;
  }
}
