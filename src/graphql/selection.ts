import {
  type FieldNode,
  getDirectiveValues,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  Kind,
  type SelectionNode,
} from "graphql";

/**
 * Whether the client selected a field, directly or in fragments.
 *
 * @param path the names of the fields from what the resolver is about to answer down to it
 */
export function isSelected(info: GraphQLResolveInfo, ...path: readonly string[]): boolean {
  let nodes = info.fieldNodes;
  for (const fieldName of path) nodes = fieldsBelow(nodes, { info, fieldName, seen: new Set() });
  return nodes.length > 0;
}

interface Search {
  readonly info: GraphQLResolveInfo;
  readonly fieldName: string;
  /** Fragments that were looked into: each is spread as often as a client likes, and each of those spreads others. */
  readonly seen: Set<string>;
}

function fieldsBelow(nodes: readonly SelectionNode[], search: Search): FieldNode[] {
  return nodes.flatMap((node) => selectionsOf(node, search).flatMap((selection) => fieldsIn(selection, search)));
}

/** By their name, not their alias; and fields below another field are not of this object. */
function fieldsIn(selection: SelectionNode, search: Search): FieldNode[] {
  // First, of other fields too: what is wrong with a condition is told before anything is done.
  if (!isIncluded(selection, search.info)) return [];
  if (selection.kind !== Kind.FIELD) return fieldsBelow([selection], search);
  return selection.name.value === search.fieldName ? [selection] : [];
}

function selectionsOf(node: SelectionNode, { info, seen }: Search): readonly SelectionNode[] {
  if (node.kind !== Kind.FRAGMENT_SPREAD) return node.selectionSet?.selections ?? [];
  const name = node.name.value;
  if (seen.has(name)) return [];
  seen.add(name);
  return info.fragments[name]?.selectionSet.selections ?? [];
}

function isIncluded(node: SelectionNode, info: GraphQLResolveInfo): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, node, info.variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, node, info.variableValues);
  return skip?.["if"] !== true && include?.["if"] !== false;
}
