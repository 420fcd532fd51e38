import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { section, tableRows } from "../readme/sections.js";

const page = readFileSync("docs/security.md", "utf8");

/** How many requirements each section of ASVS 5.0.0 has: V6, V7 and V9 are answered in full. */
const ASVS = {
  "### V6 Authentication": { "6.1": 3, "6.2": 12, "6.3": 8, "6.4": 6, "6.5": 8, "6.6": 4, "6.7": 2, "6.8": 4 },
  "### V7 Session Management": { "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 3, "7.6": 2 },
  "### V9 Self-contained Tokens": { "9.1": 3, "9.2": 4 },
};

/** What stands where no file can: why there is none. */
const REASON = /^(?:Not covered|Not applicable)\b.*/;

const filesIn = (text: string) => text.match(/\b(?:src|test|docs|scripts)\/[\w./-]*\w/g) ?? [];

/** The rows of every table whose last columns say what enforces a rule and what tests it. */
function rules(): string[][] {
  return page
    .split(/^#+ .*$/m)
    .filter((text) => /\| Enforced by \| Test \|$/m.test(text))
    .flatMap(tableRows);
}

describe("docs/security.md", () => {
  it("names files that there are", () => {
    const files = [...filesIn(page)];
    expect(files).to.include.members(["src/tokens/compact.ts", "test/docs/security.test.ts"]);
    expect(files.filter((path) => !existsSync(path))).to.deep.equal([]);
  });

  it("names for each rule a file that enforces it and a test, or says why there is none", () => {
    expect(rules()).to.have.length.above(100);
    for (const row of rules()) {
      const [enforcedBy = "", test = ""] = row.slice(-2);
      const isEnforced =
        filesIn(enforcedBy).some((path) => /^(?:src|scripts)\//.test(path)) && /\btest\/\S+\.test\.ts/.test(test);
      const isExcused = REASON.test(enforcedBy) && test === "";
      expect(isEnforced !== isExcused, row.join(" | ")).to.equal(true);
    }
  });

  it("answers every section of RFC 8725", () => {
    const sections = tableRows(section(page, "## RFC 8725: JSON Web Token Best Current Practices")).map(([id]) => id);
    expect([...new Set(sections)]).to.deep.equal(Array.from({ length: 12 }, (_, index) => `3.${index + 1}`));
  });

  for (const [heading, counts] of Object.entries(ASVS)) {
    it(`answers every requirement of ASVS 5.0, ${heading.slice(4)}`, () => {
      const ids = tableRows(section(page, heading)).map(([id]) => id);
      const all = Object.entries(counts).flatMap(([id, count]) =>
        Array.from({ length: count }, (_, index) => `${id}.${index + 1}`),
      );
      expect([...new Set(ids)]).to.deep.equal(all);
    });
  }
});
