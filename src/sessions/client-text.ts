/**
 * Cuts what a client says about itself to the width of a column. MySQL counts characters, so code points count here:
 * an emoji at the cut is kept whole or dropped, never split into half a surrogate pair.
 */
export function cutToCodePoints(text: string | null, limit: number): string | null {
  if (text === null || text.length <= limit) return text;
  return Array.from(text.slice(0, limit * 2))
    .slice(0, limit)
    .join("");
}
