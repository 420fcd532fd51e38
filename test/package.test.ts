import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect } from "chai";

const run = promisify(execFile);

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly exports: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
};

/** Where the package's entries and programs are. */
const targets = [...Object.values(manifest.exports), ...Object.values(manifest.bin)].map((path) =>
  path.replace(/^\.\//, ""),
);

describe("the package", function () {
  this.timeout(30_000); // npm itself takes seconds on a busy machine.

  let files: string[];

  before(async () => {
    const { stdout } = await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", "--offline"]);
    const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[];
    files = (packed?.files ?? []).map(({ path }) => path);
  });

  it("has its entries and programs, with their types", () => {
    const modules = targets.filter((path) => path.endsWith(".js"));
    expect(modules).to.include.members(["build/src/index.js", "build/src/cli/main.js"]);
    expect(files).to.include.members(targets);
    expect(files).to.include.members(modules.map((path) => path.replace(/\.js$/, ".d.ts")));
  });

  it("has the sources that its source maps name", () => {
    const modules = files.filter((path) => path.startsWith("build/src/") && path.endsWith(".js"));
    const sources = modules.map((path) => path.slice("build/".length, -3));
    expect(sources.filter((path) => !files.includes(`${path}.ts`))).to.deep.equal([]);
  });

  it("has the page, and the licences of what is in it", () => {
    expect(files).to.include.members(["build/page/index.html", "build/page/licenses.md"]);
  });

  it("has the pages that the README links to", () => {
    const links = [...readFileSync("README.md", "utf8").matchAll(/\]\((docs\/[^)#]*)/g)].map(([, path]) => path);
    expect(links).to.include("docs/security.md");
    expect(files).to.include.members(links);
  });

  it("has nothing else", () => {
    const known =
      /^(README\.md|package\.json|docs\/\w+\.md|src\/.*\.ts|build\/src\/.*\.(js|js\.map|d\.ts)|build\/page\/[\w.-]+)$/;
    expect(files.filter((path) => !known.test(path))).to.deep.equal([]);
    expect(files.filter((path) => path.includes(".test."))).to.deep.equal([]);
  });

  it("has programs that a shell can start", () => {
    for (const path of Object.values(manifest.bin)) {
      expect(existsSync(path)).to.equal(true);
      expect(readFileSync(path, "utf8")).to.match(/^#!\/usr\/bin\/env node\n/);
    }
  });
});
