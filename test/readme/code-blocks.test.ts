import { expect } from "chai";
import { codeBlocks, fileName } from "./code-blocks.js";

describe("codeBlocks", () => {
  it("finds each block with its language and line", () => {
    const markdown = "# A\n\n```bash\na\n  b\n```\n\ntext\n\n```\nc\n```\n```ts\n```\n";
    expect(codeBlocks(markdown)).to.deep.equal([
      { language: "bash", text: "a\n  b\n", line: 4 },
      { language: "", text: "c\n", line: 11 },
      { language: "ts", text: "", line: 14 },
    ]);
  });

  it("does not take a block that is not closed", () => {
    expect(() => codeBlocks("a\n```ts\nb\n")).to.throw("the block in line 3 is not closed");
  });

  it("takes the name of a file from the first line", () => {
    const [named, unnamed] = codeBlocks("```ts\n// server.ts\na\n```\n```ts\na\n// server.ts\n```\n");
    expect(named && fileName(named)).to.equal("server.ts");
    expect(unnamed && fileName(unnamed)).to.equal(undefined);
  });
});
