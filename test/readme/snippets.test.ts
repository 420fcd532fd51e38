import { readFileSync } from "node:fs";
import { expect } from "chai";
import { rejection } from "../support/rejection.js";
import { type CodeBlock, codeBlocks, fileName } from "./code-blocks.js";
import { isExpected } from "./expected-output.js";
import { inPlace, read, type Session } from "./reader.js";

const blocks = codeBlocks(readFileSync("README.md", "utf8"));

/** A fenced block is a command, a file, the output of the command before it, or a diagram. */
function kindOf({ language, ...block }: CodeBlock): "command" | "file" | "output" | "diagram" | undefined {
  if (language === "bash") return "command";
  if (language === "ts" || language === "jsonc")
    return fileName({ language, ...block }) === undefined ? undefined : "file";
  if (language === "text" || language === "json") return "output";
  return language === "mermaid" ? "diagram" : undefined;
}

describe("the snippets of the README", function () {
  this.timeout(60_000); // They compile and start two servers; alone they take about 5 seconds.

  const commands = blocks.filter((block) => kindOf(block) === "command");
  let session: Session;

  before(async () => {
    session = await read(
      blocks.filter((block) => kindOf(block) === "file"),
      commands,
    );
  });

  it("are each of a kind that is run", () => {
    expect(blocks.filter((block) => kindOf(block) === undefined)).to.deep.equal([]);
  });

  it("run from the first to the last", () => {
    const failed = commands[session.outputs.length - 1];
    expect(session.code, `line ${failed?.line}: ${session.outputs.at(-1)}\n${session.errors}`).to.equal(0);
    expect(session.outputs).to.have.length(commands.length);
  });

  it("leave no server behind", async () => {
    for (const port of session.ports) {
      const failure = await rejection(fetch(`http://127.0.0.1:${port}/`));
      expect(failure).to.have.nested.property("cause.code", "ECONNREFUSED");
    }
  });

  for (const [index, block] of blocks.entries()) {
    if (kindOf(block) !== "output") continue;
    it(`write what stands in line ${block.line}`, () => {
      const command = blocks.slice(0, index).findLast((before) => kindOf(before) === "command");
      const output = command && session.outputs[commands.indexOf(command)];
      const expected = inPlace(block.text, session.ports);
      if (output === undefined || !isExpected(output, expected)) expect(output).to.equal(expected);
    });
  }
});
