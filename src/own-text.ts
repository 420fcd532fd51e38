/**
 * A copy of a text that nothing else is kept for. V8 makes a piece of a text by pointing into it, so that the whole of what
 * a client has sent stays in memory as long as the piece: whatever remembers a piece remembers a copy.
 */
export function ownText(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
