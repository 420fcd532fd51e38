import { expect } from "chai";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseUnavailableError, type Host } from "./database-binary.js";
import { galeraFiles } from "./galera-packages.js";

const DEBIAN = 'ID=debian\nVERSION_ID="12"\n';
const COMMAND = "sudo apt-get install -y --no-install-recommends mariadb-server galera-4 rsync socat";

describe("galeraFiles", () => {
  let directory: string;
  let library: string;
  const installed: string[][] = [];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "janus-programs-"));
    library = join(directory, "libgalera_smm.so");
    installed.length = 0;
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function putPrograms(): Promise<void> {
    for (const name of ["mariadbd", "rsync", "wsrep_sst_rsync"]) {
      await writeFile(join(directory, name), "");
      await chmod(join(directory, name), 0o755);
    }
    await writeFile(library, "");
  }

  function host(differences: Partial<Host> = {}): Host {
    const install = async (...packages: string[]) => {
      installed.push(packages);
      await putPrograms();
    };
    return { directories: [directory], isRoot: true, osRelease: DEBIAN, install, ...differences };
  }

  it("takes what is there", async () => {
    await putPrograms();
    expect(await galeraFiles(host(), [library])).to.deep.equal({ mariadbd: join(directory, "mariadbd"), library });
    expect(installed).to.deep.equal([]);
  });

  it("installs what is missing, on Debian as root", async () => {
    await writeFile(library, "");
    expect(await galeraFiles(host(), [library])).to.deep.equal({ mariadbd: join(directory, "mariadbd"), library });
    expect(installed).to.deep.equal([["mariadb-server", "galera-4", "rsync", "socat"]]);
  });

  const unavailable: [string, Partial<Host>, string][] = [
    ["without being root", { isRoot: false }, `no Galera on this machine; to run these: ${COMMAND}`],
    ["on another system", { osRelease: "ID=fedora" }, `no Galera on this machine; to run these: ${COMMAND}`],
    [
      "without a network",
      { install: () => Promise.reject(new Error("no network")) },
      `Galera could not be installed (no network); to run these: ${COMMAND}`,
    ],
  ];
  for (const [situation, differences, message] of unavailable) {
    it(`names the command where it cannot install, ${situation}`, async () => {
      const failure = await galeraFiles(host(differences), [library]).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(DatabaseUnavailableError).with.property("message", message);
    });
  }

  it("does not take a package for a cluster that it does not make", async () => {
    const failure = await galeraFiles(host({ install: async () => {} }), [library]).catch((error: unknown) => error);
    expect(failure).to.have.property(
      "message",
      "mariadb-server, galera-4, rsync, socat were installed, but there is no Galera",
    );
    expect(failure).to.not.be.instanceOf(DatabaseUnavailableError);
  });
});
