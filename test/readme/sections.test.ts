import { expect } from "chai";
import { anchor, section, tableRows } from "./sections.js";

const MARKDOWN = "# A\n\na\n\n## B\n\n| x | y |\n| --- | --- |\n| `1` | two |\n| 3 | |\n\nb\n\n### C\n\nc\n\n## D\nd";

describe("sections of Markdown", () => {
  it("end at the next heading of their level", () => {
    expect(section(MARKDOWN, "### C")).to.equal("\nc\n");
    expect(section(MARKDOWN, "## D")).to.equal("d");
    expect(section(MARKDOWN, "## B")).to.match(/^\n\| x[^]*\nc\n$/);
    expect(() => section(MARKDOWN, "## E")).to.throw('there is no heading "## E"');
  });

  it("have tables", () => {
    expect(tableRows(section(MARKDOWN, "## B"))).to.deep.equal([
      ["1", "two"],
      ["3", ""],
    ]);
  });

  it("have anchors", () => {
    expect(anchor("The way of a request")).to.equal("#the-way-of-a-request");
    expect(anchor("It's `a-b`?")).to.equal("#its-a-b");
  });
});
