import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { runNode } from "../support/child-process.js";

/** Bytes of all modules together, compressed, without comments. A bundler makes it less: names get shorter. */
const LARGEST = 8_200;

/** What modules import, types included. */
function importedBy(modules: ReadonlyMap<string, string>): string[] {
  return [...modules.values()].flatMap((text) =>
    [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g)].map(([, specifier = ""]) => specifier),
  );
}

describe("the code of janus-auth/client", () => {
  let directory: string;
  let modules: Map<string, string>;
  let declarations: Map<string, string>;
  let compiler: { code: number | null; stdout: string };

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "janus-bundle-"));
    const options = [
      "--target",
      "es2022",
      "--module",
      "nodenext",
      "--lib",
      "es2023,esnext.disposable,dom",
      "--types",
      "",
    ];
    const strict = [
      "--strict",
      "--exactOptionalPropertyTypes",
      "--noUncheckedIndexedAccess",
      "--removeComments",
      "--declaration",
    ];
    const output = ["--outDir", directory, "--rootDir", "src", "--ignoreConfig", "src/client/index.ts"];
    compiler = await runNode([resolve("node_modules/typescript/bin/tsc"), ...options, ...strict, ...output]);
    modules = await read(".js");
    declarations = await read(".d.ts");
  });

  async function read(ending: string): Promise<Map<string, string>> {
    const names = (await readdir(join(directory, "client"))).filter((name) => name.endsWith(ending));
    const texts = names.map(async (name) => [name, await readFile(join(directory, "client", name), "utf8")] as const);
    return new Map(await Promise.all(texts));
  }

  after(() => rm(directory, { recursive: true, force: true }));

  it("compiles with the types of browsers alone", () => {
    expect(compiler).to.include({ code: 0, stdout: "" });
    expect([...modules.keys()]).to.include.members(["index.js", "auth-fetch.js"]);
  });

  it("imports nothing but its own modules", () => {
    const imported = importedBy(modules);
    expect(imported).to.include("./create-auth-client.js");
    expect(imported.filter((specifier) => !modules.has(specifier.replace(/^\.\//, "")))).to.deep.equal([]);
  });

  it("has types that need @trpc/server, a peer, and no client library", () => {
    const others = importedBy(declarations).filter((specifier) => !specifier.startsWith("."));
    expect([...new Set(others)]).to.deep.equal(["@trpc/server"]);
  });

  it("names nothing that only Node has", () => {
    const text = [...modules.values()].join("\n");
    expect(text).to.include("globalThis");
    expect(text.match(/\b(?:process|Buffer|require|__dirname|setImmediate)\b/g)).to.equal(null);
  });

  it(`is small: at most ${LARGEST} bytes`, () => {
    const linkage = /^(?:import\b.*|export (?:\{.*|\* .*))$/gm;
    const text = [...modules.values()].map((module) => module.replaceAll(linkage, "")).join("\n");
    const size = gzipSync(text, { level: 9 }).length;
    console.log(`      ${size} bytes`);
    expect(size).to.be.within(3_000, LARGEST);
  });
});
