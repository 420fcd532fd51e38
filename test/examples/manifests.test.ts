import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { EXAMPLES } from "./running/installation.js";

interface Manifest {
  readonly version: string;
  readonly workspaces: readonly string[];
  readonly overrides?: object;
  readonly peerDependencies: object;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly link?: boolean; readonly hasInstallScript?: boolean }>>;
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));
const manifest = (path: string) => read(path) as Manifest;
const all = manifest("examples/package.json");
const { packages } = read("examples/package-lock.json") as Lockfile;

describe("the examples", () => {
  it("are installed together, and named in the README", () => {
    expect(all.workspaces).to.deep.equal(EXAMPLES.toSorted());
    const readme = readFileSync("README.md", "utf8");
    const named = [...readme.matchAll(/\]\((examples\/[\w-]+)\)/g)].map(([, path = ""]) => path);
    expect(named.toSorted()).to.deep.equal(EXAMPLES.map((name) => `examples/${name}`).toSorted());
  });

  it("run no script at installation", () => {
    const withScript = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
    expect(withScript.map(([name]) => name)).to.deep.equal([]);
  });

  it("share the project's copies of what must be one", () => {
    const { peerDependencies } = manifest("package.json");
    const links = Object.keys(packages).filter((path) => packages[path]?.link);
    const expected = Object.keys({ ...peerDependencies, "janus-auth": "" }).map((name) => `node_modules/${name}`);
    expect(links).to.include.members(expected);
  });

  for (const name of EXAMPLES) {
    it(`${name} names exact versions, the project's where it has them, and how to run it`, () => {
      const { dependencies, devDependencies, overrides } = manifest(join("examples", name, "package.json"));
      const versions = { ...dependencies, ...devDependencies };
      expect(versions).to.include({
        "janus-auth": "file:../..",
        typescript: manifest("package.json").devDependencies["typescript"],
      });
      for (const [dependency, version] of Object.entries(versions)) {
        if (dependency === "janus-auth") continue;
        expect(version, dependency).to.match(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
        const linked = packages[`node_modules/${dependency}`]?.link === true;
        if (linked)
          expect(version, dependency).to.equal(manifest(join("node_modules", dependency, "package.json")).version);
      }
      if (overrides) expect(overrides).to.deep.equal(all.overrides);
      const readme = readFileSync(join("examples", name, "README.md"), "utf8");
      expect(readme).to.include(`npm start -w ${name}`);
      const files = [...readme.matchAll(/`(src\/[\w.-]+)`/g)].map(([, file = ""]) => file);
      expect(files.length).to.be.within(2, 5);
      expect(files.filter((file) => !existsSync(join("examples", name, file)))).to.deep.equal([]);
    });

    it(`${name} is compiled strictly`, () => {
      const { compilerOptions } = read(join("examples", name, "tsconfig.json")) as { compilerOptions: object };
      expect(compilerOptions).to.include({ strict: true, noUncheckedIndexedAccess: true, noEmitOnError: true });
    });
  }
});
