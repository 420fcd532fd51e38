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
  return info.fieldNodes.some((node) => selects(node, fieldName, info));
}

function selects(node: FieldNode | SelectionNode, fieldName: string, info: GraphQLResolveInfo): boolean {
  const selectionSet =
    node.kind === Kind.FRAGMENT_SPREAD ? info.fragments[node.name.value]?.selectionSet : node.selectionSet;
  return (selectionSet?.selections ?? []).some((selection) => {
    if (!isIncluded(selection, info)) return false;
    // By its name, not its alias; and fields below another field are not of this object.
    if (selection.kind === Kind.FIELD) return selection.name.value === fieldName;
    return selects(selection, fieldName, info);
  });
}

function isIncluded(node: SelectionNode, info: GraphQLResolveInfo): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, node, info.variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, node, info.variableValues);
  return skip?.["if"] !== true && include?.["if"] !== false;
}
