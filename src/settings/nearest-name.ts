/** The known name that takes the fewest edits to reach; case, underscores and `JWT_` do not count. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate) => ({ candidate, edits: editDistance(letters(name), letters(candidate)) }));
  return ranked.toSorted((a, b) => a.edits - b.edits)[0]?.candidate;
}

function letters(name: string): string {
  return name.replace(/^JWT_/, "").replaceAll("_", "").toLowerCase();
}

/** Levenshtein distance: single characters inserted, deleted or replaced. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = cell(row, column - 1) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, cell(row, column) + 1, cell(next, column - 1) + 1));
    }
    row = next;
  }
  return cell(row, to.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
