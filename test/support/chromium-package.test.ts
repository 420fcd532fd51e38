import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { chromiumPath } from "./chromium-package.js";
import type { Host } from "./database-binary.js";
import { rejection } from "./rejection.js";
import { UnavailableError } from "./unavailable-error.js";

const COMMAND = "sudo apt-get install -y --no-install-recommends chromium";

describe("chromiumPath", () => {
  let directory: string;
  const installed: string[][] = [];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "janus-programs-"));
    installed.length = 0;
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function putProgram(): Promise<void> {
    await writeFile(join(directory, "chromium"), "");
    await chmod(join(directory, "chromium"), 0o755);
  }

  function host(differences: Partial<Host> = {}): Host {
    const install = async (...packages: string[]) => {
      installed.push(packages);
      await putProgram();
    };
    return { directories: [directory], isRoot: true, osRelease: "ID=debian\n", install, ...differences };
  }

  it("takes what is there", async () => {
    await putProgram();
    expect(await chromiumPath(host())).to.equal(join(directory, "chromium"));
    expect(installed).to.deep.equal([]);
  });

  it("installs what is missing, on Debian as root", async () => {
    expect(await chromiumPath(host())).to.equal(join(directory, "chromium"));
    expect(installed).to.deep.equal([["chromium"]]);
  });

  const unavailable: [string, Partial<Host>, string][] = [
    ["without being root", { isRoot: false }, `no Chromium on this machine; to run these: ${COMMAND}`],
    ["on another system", { osRelease: "ID=fedora" }, `no Chromium on this machine; to run these: ${COMMAND}`],
    [
      "without a network",
      { install: () => Promise.reject(new Error("no network")) },
      `Chromium could not be installed (no network); to run these: ${COMMAND}`,
    ],
  ];
  for (const [situation, differences, message] of unavailable) {
    it(`names the command where it cannot install, ${situation}`, async () => {
      const failure = await rejection(chromiumPath(host(differences)));
      expect(failure).to.be.instanceOf(UnavailableError).with.property("message", message);
    });
  }

  it("does not take a package for a browser that it does not have", async () => {
    const failure = await rejection(chromiumPath(host({ install: async () => {} })));
    expect(failure).to.have.property("message", "chromium was installed, but there is no Chromium");
    expect(failure).to.not.be.instanceOf(UnavailableError);
  });
});
