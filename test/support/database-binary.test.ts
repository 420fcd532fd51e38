import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { databaseBinary, DatabaseUnavailableError, type Host } from "./database-binary.js";

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';
const MINT = "ID=linuxmint\nID_LIKE=ubuntu\n";
const FEDORA = "ID=fedora\n";

describe("databaseBinary", () => {
  let directory: string;
  let installed: string[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "janus-binary-"));
    installed = [];
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  async function program(name: string, version: string): Promise<void> {
    await writeFile(join(directory, name), `#!/bin/sh\necho '${version}'\n`);
    await chmod(join(directory, name), 0o755);
  }

  const host = (properties: Partial<Host>): Host => ({
    directories: [join(directory, "missing"), directory],
    isRoot: false,
    osRelease: DEBIAN,
    install: async (packageName) => {
      installed.push(packageName);
      await program("mariadbd", "mariadbd  Ver 10.11.18-MariaDB");
    },
    ...properties,
  });

  async function refusal(properties: Partial<Host>): Promise<string> {
    try {
      await databaseBinary(host(properties));
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) return error.message;
      throw error;
    }
    throw new Error("a server was found");
  }

  it("takes a program that is there, and tells MariaDB from MySQL by its version", async () => {
    await program("mysqld", "mysqld  Ver 8.4.3 for Linux on x86_64 (MySQL Community Server - GPL)");
    expect(await databaseBinary(host({}))).to.deep.equal({ path: join(directory, "mysqld"), flavor: "mysql" });
    await program("mysqld", "mysqld  Ver 10.11.18-MariaDB-0+deb12u1 for debian-linux-gnu");
    expect(await databaseBinary(host({}))).to.deep.equal({ path: join(directory, "mysqld"), flavor: "mariadb" });
    await program("mariadbd", "mariadbd  Ver 11.4.2-MariaDB");
    expect(await databaseBinary(host({}))).to.deep.equal({ path: join(directory, "mariadbd"), flavor: "mariadb" });
  });

  for (const [name, osRelease] of Object.entries({ DEBIAN, MINT })) {
    it(`installs one as root on ${name}`, async () => {
      expect(await databaseBinary(host({ isRoot: true, osRelease }))).to.deep.equal({
        path: join(directory, "mariadbd"),
        flavor: "mariadb",
      });
      expect(installed).to.deep.equal(["mariadb-server-core"]);
    });
  }

  it("installs nothing when a program is there", async () => {
    await program("mariadbd", "mariadbd  Ver 11.4.2-MariaDB");
    await databaseBinary(host({ isRoot: true }));
    expect(installed).to.deep.equal([]);
  });

  it("names the command that would help where it may not install", async () => {
    expect(await refusal({})).to.equal(
      "no mariadbd or mysqld on this machine; to run these: " +
        "sudo apt-get install -y --no-install-recommends mariadb-server-core",
    );
    expect(await refusal({ isRoot: true, osRelease: FEDORA })).to.match(/^no mariadbd or mysqld .*; to run these: /);
    expect(installed).to.deep.equal([]);
  });

  it("says why an installation failed", async () => {
    const install = () => Promise.reject(new Error("Temporary failure resolving the mirror\n"));
    expect(await refusal({ isRoot: true, install })).to.equal(
      "mariadb-server-core could not be installed (Temporary failure resolving the mirror); to run these: " +
        "sudo apt-get install -y --no-install-recommends mariadb-server-core",
    );
  });
});
