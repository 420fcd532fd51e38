import { type DocumentNode, Kind, type SelectionSetNode, visit } from "graphql";

/**
 * Most pairs in a query that validation has to compare, to see whether they can be merged. Their number grows with the
 * square of the text: 400 times `y{x}`, two kilobytes, would take it a second.
 */
export const MAX_COMPARISONS = 5_000;

/**
 * How many pairs validation may have to compare: of fragments, and of fields with one name that have fields below them
 * or stand beside each other. Fields such as `id`, once in each selection, cost next to nothing.
 */
export function comparisonsOf(document: DocumentNode): number {
  const counts = new Map<string, number>();
  let fragments = 0;
  visit(document, {
    FragmentDefinition: () => void (fragments += 1),
    SelectionSet: (set) => countNames(set, counts),
  });
  return [...counts.values(), fragments].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
}

function countNames({ selections }: SelectionSetNode, counts: Map<string, number>): void {
  const here = new Set<string>();
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD) continue;
    const name = (selection.alias ?? selection.name).value;
    if (selection.selectionSet || here.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
    here.add(name);
  }
}
