/** A fenced block of the README. */
export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  /** Of its first line of text, counted from 1. */
  readonly line: number;
}

const FENCE = /^```(.*)$/;
const FILE_NAME = /^\/\/ ([\w-]+\.(?:ts|json))\n/;

/** The fenced blocks of a Markdown text, in order. @throws Error for a block that is not closed */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { language: string; lines: string[]; line: number } | undefined;
  for (const [index, line] of markdown.split("\n").entries()) {
    const fence = FENCE.exec(line);
    if (!fence) open?.lines.push(line);
    else if (!open) open = { language: (fence[1] ?? "").trim(), lines: [], line: index + 2 };
    else {
      blocks.push({ language: open.language, text: open.lines.map((text) => `${text}\n`).join(""), line: open.line });
      open = undefined;
    }
  }
  if (open) throw new Error(`the block in line ${open.line} is not closed`);
  return blocks;
}

/** The name of the file that a block is, from the comment in its first line. */
export function fileName({ text }: CodeBlock): string | undefined {
  return FILE_NAME.exec(text)?.[1];
}
