import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { runNode } from "./support/child-process.js";
import { temporaryDirectory } from "./support/temporary-directory.js";

type Versions = Readonly<Record<string, string>>;

interface Manifest {
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
  readonly optionalDependencies: Versions;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

interface LockedPackage {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

async function read<Json>(path: string): Promise<Json> {
  return JSON.parse(await readFile(path, "utf8")) as Json;
}

/** A package under another name is `npm:its-own-name@1.2.3`. */
function withoutAlias(versions: Versions): Versions {
  return Object.fromEntries(Object.entries(versions).map(([name, spec]) => [name, spec.replace(/^npm:.+@/, "")]));
}

describe("the dependencies", () => {
  let manifest: Manifest;
  let direct: Versions;
  let locked: [path: string, LockedPackage][];
  before(async () => {
    manifest = await read<Manifest>("package.json");
    direct = { ...manifest.dependencies, ...manifest.devDependencies, ...withoutAlias(manifest.optionalDependencies) };
    const { packages } = await read<{ packages: Record<string, LockedPackage> }>("package-lock.json");
    locked = Object.entries(packages).filter(([path]) => path !== "");
  });

  it("have exact versions, and those are the locked ones", () => {
    expect(Object.entries(direct).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).to.deep.equal(
      [],
    );
    const versions = new Map(locked.map(([path, { version }]) => [path, version]));
    for (const [name, version] of Object.entries(direct)) {
      expect(versions.get(`node_modules/${name}`), name).to.equal(version);
    }
  });

  it("are locked with a SHA-512 each, from nowhere but the registry that is asked", () => {
    expect(locked).to.have.length.above(200);
    const wrong = locked.filter(([, { integrity, resolved, link }]) => {
      return !/^sha512-[\w+/]{86}==$/.test(integrity ?? "") || resolved !== undefined || link === true;
    });
    expect(wrong).to.deep.equal([]);
  });

  it("run no script when they are installed, but for better-sqlite3", () => {
    const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
    expect(scripted).to.deep.equal(["node_modules/better-sqlite3"]);
    expect(manifest.allowScripts).to.deep.equal({ "better-sqlite3": true });
  });
});

describe("npm", function () {
  this.timeout(60_000);
  const directory = temporaryDirectory();

  /** What `npm ci` says, without installing anything, where these may run scripts. */
  async function ci(allowScripts: Readonly<Record<string, boolean>>): Promise<string> {
    const manifest = await read<Manifest>("package.json");
    await directory.write("package.json", JSON.stringify({ ...manifest, allowScripts, scripts: {} }));
    for (const name of ["package-lock.json", ".npmrc"]) await copyFile(name, join(directory.path(), name));
    const args = ["ci", "--dry-run", "--offline", "--no-audit"];
    return promisify(execFile)("npm", args, { cwd: directory.path() }).then(
      () => "installed",
      (error: unknown) => (error as { stderr: string }).stderr,
    );
  }

  it("refuses a package with a script that nobody allowed", async function () {
    const { stdout } = await promisify(execFile)("npm", ["config", "list", "-l"], { cwd: directory.path() });
    if (!stdout.includes("strict-allow-scripts")) {
      console.log("      skipped: this npm has no strict-allow-scripts; to run it: npm install -g npm@11");
      this.skip();
    }
    expect(await ci({ "better-sqlite3": true })).to.equal("installed");
    expect(await ci({})).to.match(/ESTRICTALLOWSCRIPTS[^]*better-sqlite3@/);
  });
});

describe("scripts/verify-signatures.js", () => {
  const directory = temporaryDirectory();

  /** What it makes of an answer of npm. */
  async function outcomeOf(answer: string, exitCode: number): Promise<{ code: number | null; stdout: string }> {
    const bin = join(directory.path(), "bin");
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, "answer.json"), answer);
    await writeFile(join(bin, "npm"), `#!/bin/sh\ncat '${bin}/answer.json'\nexit ${exitCode}\n`);
    await chmod(join(bin, "npm"), 0o755);
    const PATH = [bin, process.env["PATH"] ?? ""].join(delimiter);
    const { code, stdout } = await runNode(["scripts/verify-signatures.js"], { PATH });
    return { code, stdout };
  }

  const tampered = { name: "jose", version: "6.0.0", code: "EINTEGRITYSIGNATURE" };
  const answers: readonly [name: string, answer: object | string, exitCode: number, code: number, stdout: string][] = [
    ["signatures that are right", { invalid: [], missing: [] }, 0, 0, "signatures: all of the registry's are right\n"],
    ["a wrong signature", { invalid: [tampered], missing: [] }, 1, 1, "signatures: invalid: jose@6.0.0\n"],
    ["a missing signature", { invalid: [], missing: [tampered] }, 1, 1, "signatures: missing: jose@6.0.0\n"],
    [
      "no network",
      { error: { code: "ENOTFOUND", summary: "request failed" } },
      1,
      0,
      "signatures: skipped, no keys to verify them with (ENOTFOUND)\n",
    ],
    [
      "a registry without keys",
      { error: { summary: "found no dependencies to audit that were installed from a supported registry" } },
      1,
      0,
      "signatures: skipped, no keys to verify them with (the registry offers none)\n",
    ],
    ["another failure", { error: { code: "E500", summary: "oh" } }, 1, 1, "signatures: not verified: oh\n"],
    ["no answer", "", 1, 1, "signatures: not verified: npm audit signatures ended with 1 and no answer\n"],
  ];
  for (const [name, answer, exitCode, code, stdout] of answers) {
    it(`ends with ${code} at ${name}`, async () => {
      const text = typeof answer === "string" ? answer : JSON.stringify(answer);
      expect(await outcomeOf(text, exitCode)).to.deep.equal({ code, stdout });
    });
  }
});
