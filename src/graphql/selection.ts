import {
  type FieldNode,
  getDirectiveValues,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  Kind,
  type SelectionNode,
} from "graphql";

/** Whether the client selected a field of this name, directly or in a fragment, of what the resolver is about to answer. */
export function isSelected(info: GraphQLResolveInfo, fieldName: string): boolean {
  const search: Search = { info, fieldName, seen: new Set() };
  return info.fieldNodes.some((node) => selects(node, search));
}

interface Search {
  readonly info: GraphQLResolveInfo;
  readonly fieldName: string;
  /** Fragments that were looked into: each is spread as often as a client likes, and each of those spreads others. */
  readonly seen: Set<string>;
}

function selects(node: FieldNode | SelectionNode, search: Search): boolean {
  return selectionsOf(node, search).some((selection) => {
    if (!isIncluded(selection, search.info)) return false;
    // By its name, not its alias; and fields below another field are not of this object.
    if (selection.kind === Kind.FIELD) return selection.name.value === search.fieldName;
    return selects(selection, search);
  });
}

function selectionsOf(node: FieldNode | SelectionNode, { info, seen }: Search): readonly SelectionNode[] {
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
