import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";

/** How large a query is once every fragment stands where it is spread. */
export interface QueryShape {
  /** Fields below each other, 1 for `{ me }`. Introspection counts as everything else. */
  readonly depth: number;
  /** Fields with a name of the client's own. */
  readonly aliases: number;
}

const EMPTY: QueryShape = { depth: 0, aliases: 0 };

/** Of several operations in a document one is executed: the largest counts. */
export function shapeOf(document: DocumentNode): QueryShape {
  const shapes = new Shapes(document);
  return document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map(({ selectionSet }) => shapes.ofSelections(selectionSet))
    .reduce(larger, EMPTY);
}

/**
 * Looks at each selection of the document once: fragments that spread others twice each would take exponential time
 * if they were followed at every spread.
 */
class Shapes {
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  private readonly known = new Map<string, QueryShape>();

  constructor(document: DocumentNode) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(definition.name.value, definition);
    }
  }

  ofSelections(set: SelectionSetNode | undefined): QueryShape {
    let shape = EMPTY;
    for (const selection of set?.selections ?? []) shape = beside(shape, this.ofSelection(selection));
    return shape;
  }

  private ofSelection(selection: SelectionNode): QueryShape {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.ofFragment(selection.name.value);
    const below = this.ofSelections(selection.selectionSet);
    if (selection.kind === Kind.INLINE_FRAGMENT) return below;
    return { depth: below.depth + 1, aliases: below.aliases + (selection.alias ? 1 : 0) };
  }

  private ofFragment(name: string): QueryShape {
    const known = this.known.get(name);
    if (known) return known;
    // What a fragment in a circle has is of no interest: validation refuses it.
    this.known.set(name, EMPTY);
    const shape = this.ofSelections(this.fragments.get(name)?.selectionSet);
    this.known.set(name, shape);
    return shape;
  }
}

/** The sum may become too large for a number, and that is Infinity: still more than any limit. */
function beside(one: QueryShape, other: QueryShape): QueryShape {
  return { depth: Math.max(one.depth, other.depth), aliases: one.aliases + other.aliases };
}

function larger(one: QueryShape, other: QueryShape): QueryShape {
  return { depth: Math.max(one.depth, other.depth), aliases: Math.max(one.aliases, other.aliases) };
}
