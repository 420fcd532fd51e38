/** Whether an output is the one in the README, where `…` stands for any text. White space at the end does not count. */
export function isExpected(output: string, expected: string): boolean {
  const pieces = expected.trimEnd().split("…").map(escape);
  return new RegExp(`^${pieces.join("[^]*?")}$`).test(output.trimEnd());
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
