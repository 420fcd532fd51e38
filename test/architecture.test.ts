import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { expect } from "chai";
import { EXAMPLES } from "./examples/running/installation.js";
import { badNames, longFiles, machineTraces } from "./support/file-rules.js";
import { clientViolations, importCircles, layerViolations } from "./support/import-rules.js";
import { readSourceFiles, type SourceFile } from "./support/source-file.js";

function trackedFiles(): SourceFile[] {
  const paths = execFileSync("git", ["ls-files", "-z"], { encoding: "utf8" }).split("\0");
  return paths
    .filter((path) => path !== "" && existsSync(path) && statSync(path).isFile())
    .map((path) => ({ path, text: readFileSync(path, "utf8") }));
}

describe("the architecture", () => {
  const src = readSourceFiles("src");
  const test = readSourceFiles("test");
  const bench = readSourceFiles("bench");
  const examples = EXAMPLES.flatMap((name) => readSourceFiles(`examples/${name}/src`));

  it("is checked on the files that there are", () => {
    expect(src.map(({ path }) => path)).to.include.members(["src/errors.ts", "src/users/user-directory.ts"]);
    expect(test.map(({ path }) => path)).to.include("test/architecture.test.ts");
    expect(bench.map(({ path }) => path)).to.include("bench/contenders/src/apollo.ts");
    expect(examples.map(({ path }) => path)).to.include("examples/embed-express/src/server.ts");
  });

  it("has imports that run one way", () => expect(layerViolations(src)).to.deep.equal([]));

  it("has a client that takes only types from the server", () => expect(clientViolations(src)).to.deep.equal([]));

  it("has no circles of imports", () =>
    expect(importCircles([...src, ...test, ...bench, ...examples])).to.deep.equal([]));

  it("has small files", () =>
    expect([...longFiles([...src, ...bench], 250), ...longFiles(examples, 100), ...longFiles(test, 400)]).to.deep.equal(
      [],
    ));

  it("has names that say what is inside", () =>
    expect(badNames([...src, ...test, ...bench, ...examples])).to.deep.equal([]));

  it("has no trace of the machine it was written on", function () {
    if (!existsSync(".git")) this.skip(); // Not a checkout: nothing says which files belong to the project.
    expect(machineTraces(trackedFiles())).to.deep.equal([]);
  });
});
