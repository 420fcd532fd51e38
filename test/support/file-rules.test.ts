import { expect } from "chai";
import { badNames, longFiles, machineTraces } from "./file-rules.js";

describe("longFiles", () => {
  it("counts lines, and takes a final line break for no line", () => {
    const files = [
      { path: "src/fits.ts", text: "a\nb\nc\n" },
      { path: "src/long.ts", text: "a\nb\nc\nd" },
    ];
    expect(longFiles(files, 3)).to.deep.equal(["src/long.ts has 4 lines, more than 3"]);
  });
});

describe("badNames", () => {
  for (const path of [
    "src/errors.ts",
    "src/a-library.d.ts",
    "src/users/user-directory.ts",
    "test/a1.test.ts",
    "src/database/1-first.ts",
  ]) {
    it(`accepts ${path}`, () => expect(badNames([{ path, text: "" }])).to.deep.equal([]));
  }

  for (const path of [
    "src/userDirectory.ts",
    "src/User.ts",
    "src/user_directory.ts",
    "src/utils/a.ts",
    "src/auth/helpers/a.ts",
    "src/common.ts",
    "test/support/util.ts",
  ]) {
    it(`refuses ${path}`, () => expect(badNames([{ path, text: "" }])).to.deep.equal([path]));
  }
});

describe("machineTraces", () => {
  // In pieces, because the rule looks at this file too.
  const [slash, quote] = ["/", '"'];
  const traces = [
    `reads ${slash}home/alice/janus`,
    `const path = "${slash}root/janus";`,
    `file://${slash}Users/alice/janus`,
    `"resolved${quote}: "https://example.org/a.tgz"`,
    `registry=https://${["registry", "npmjs", "org"].join(".")}/`,
    `see https://npm.${["mirror", "example", "com"].join(".")}`,
  ];
  for (const line of traces) {
    it(`finds: ${line}`, () => {
      expect(machineTraces([{ path: "a.md", text: `first\n${line}\n` }])).to.deep.equal([`a.md:2: ${line}`]);
    });
  }

  const harmless = ["GET /users/alice/", "sqlite:/tmp/janus.sqlite", "https://github.com/panva/jose", "src/work/a.ts"];
  for (const line of harmless) {
    it(`lets through: ${line}`, () => expect(machineTraces([{ path: "a.md", text: line }])).to.deep.equal([]));
  }
});
