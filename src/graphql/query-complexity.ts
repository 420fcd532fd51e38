import {
  type DocumentNode,
  getNamedType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import { FieldCosts, fieldOf, type Variables } from "./field-cost.js";

/**
 * Adds up the `complexity` of the fields of an operation: TypeGraphQL's `@Field({ complexity: 5 })` and
 * `@Query(() => [X], { complexity: ({ args, childComplexity }) => … })`. A field without one costs 1.
 *
 * What could be counted twice is: fields of several fragments for several types of a union, and fields that
 * `@include(if: false)` leaves out.
 */
export class QueryComplexity {
  private readonly fixed = new WeakMap<OperationDefinitionNode, number>();

  constructor(private readonly schema: GraphQLSchema) {}

  /**
   * The cost of an operation of a valid document. Remembered, unless it depends on the variables.
   *
   * @throws whatever a `complexity` function throws
   */
  of(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): number {
    const known = this.fixed.get(operation);
    if (known !== undefined) return known;
    const costs = new FieldCosts(this.schema, operation, variables);
    const root = this.schema.getRootType(operation.operation);
    const cost = root ? new Walk(this.schema, document, costs).ofSelections(operation.selectionSet, root) : 0;
    if (!costs.dependOnVariables) this.fixed.set(operation, cost);
    return cost;
  }
}

/** Each fragment is walked once, whatever the number of its spreads. */
class Walk {
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  private readonly known = new Map<string, number>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly costs: FieldCosts,
  ) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(definition.name.value, definition);
    }
  }

  ofSelections(set: SelectionSetNode, type: GraphQLCompositeType): number {
    let cost = 0;
    for (const selection of set.selections) cost += this.ofSelection(selection, type);
    return cost;
  }

  private ofSelection(selection: SelectionNode, type: GraphQLCompositeType): number {
    if (selection.kind === Kind.FIELD) return this.ofField(selection, type);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.ofFragment(selection.name.value);
    return this.ofSelections(selection.selectionSet, this.named(selection.typeCondition?.name.value) ?? type);
  }

  private ofField(node: FieldNode, type: GraphQLCompositeType): number {
    const field = fieldOf(type, node.name.value);
    const below = field && getNamedType(field.type);
    const inner = node.selectionSet && isCompositeType(below) ? this.ofSelections(node.selectionSet, below) : 0;
    return Math.max(...this.holders(type).map((holder) => this.costs.of(node, holder, inner)));
  }

  /** A type that implements an interface may have a cost of its own for its field: the highest counts. */
  private holders(type: GraphQLCompositeType): readonly GraphQLCompositeType[] {
    return isAbstractType(type) ? [type, ...this.schema.getPossibleTypes(type)] : [type];
  }

  private ofFragment(name: string): number {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const fragment = this.fragments.get(name);
    const type = this.named(fragment?.typeCondition.name.value);
    const cost = fragment && type ? this.ofSelections(fragment.selectionSet, type) : 0;
    this.known.set(name, cost);
    return cost;
  }

  private named(name: string | undefined): GraphQLCompositeType | undefined {
    const type = name === undefined ? undefined : this.schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }
}
