import { expect } from "chai";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseUnavailableError, type Host } from "./database-binary.js";
import { redisBinary } from "./redis-server.js";
import { rejection } from "./rejection.js";

const COMMAND = "sudo apt-get install -y --no-install-recommends redis-server";

describe("redisBinary", () => {
  let directory: string;
  let program: string;
  const installed: string[][] = [];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "janus-programs-"));
    program = join(directory, "redis-server");
    installed.length = 0;
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function putProgram(): Promise<void> {
    await writeFile(program, "");
    await chmod(program, 0o755);
  }

  function host(differences: Partial<Host> = {}): Host {
    const install = async (...packages: string[]) => {
      installed.push(packages);
      await putProgram();
    };
    return { directories: [directory], isRoot: true, osRelease: "ID=debian", install, ...differences };
  }

  it("takes what is there", async () => {
    await putProgram();
    expect(await redisBinary(host())).to.equal(program);
    expect(installed).to.deep.equal([]);
  });

  it("installs what is missing, on Debian as root", async () => {
    expect(await redisBinary(host())).to.equal(program);
    expect(installed).to.deep.equal([["redis-server"]]);
  });

  const missing = `no redis-server on this machine; to run these: ${COMMAND}`;
  const unavailable: [string, Partial<Host>, string][] = [
    ["without being root", { isRoot: false }, missing],
    ["on another system", { osRelease: "ID=fedora" }, missing],
    [
      "without a network",
      { install: () => Promise.reject(new Error("no network")) },
      `redis-server could not be installed (no network); to run these: ${COMMAND}`,
    ],
  ];
  for (const [situation, differences, message] of unavailable) {
    it(`names the command where it cannot install, ${situation}`, async () => {
      const failure = await rejection(redisBinary(host(differences)));
      expect(failure).to.be.instanceOf(DatabaseUnavailableError).with.property("message", message);
    });
  }
});
