import { execFile } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { UnavailableError } from "./unavailable-error.js";

const run = promisify(execFile);
const INSTALL_LIMIT = 10 * 60 * 1000; // milliseconds

/** A server program for the tests; the two need different arguments. */
export interface DatabaseBinary {
  readonly path: string;
  readonly flavor: "mariadb" | "mysql";
}

/** Where the tests run: what decides whether a server can be had. */
export interface Host {
  /** Where programs are looked for. */
  readonly directories: readonly string[];
  readonly isRoot: boolean;
  /** The text of /etc/os-release, empty where there is none. */
  readonly osRelease: string;
  /** Installs Debian packages. */
  readonly install: (...packages: string[]) => Promise<void>;
}

/** No server can be had on this machine. The message names the command that would change it. */
export class DatabaseUnavailableError extends UnavailableError {}

/** Finds a server program on this machine; on Debian and Ubuntu as root, installs one. */
export async function databaseBinary(host: Host = thisHost()): Promise<DatabaseBinary> {
  const found = await findBinary(host.directories);
  if (found !== null) return found;
  if (!host.isRoot || !isDebian(host.osRelease)) {
    throw new DatabaseUnavailableError(`no mariadbd or mysqld on this machine; to run these: ${remedy(host)}`);
  }
  await installMariadb(host);
  const installed = await findBinary(host.directories);
  if (installed === null) throw new Error("mariadb-server-core was installed, but there is no mariadbd");
  return installed;
}

export function thisHost(): Host {
  return {
    // Servers live in directories that are often not on the PATH of an ordinary user.
    directories: [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin", "/usr/libexec"],
    isRoot: process.getuid?.() === 0,
    osRelease: readIfThere("/etc/os-release"),
    install: aptGetInstall,
  };
}

async function findBinary(directories: readonly string[]): Promise<DatabaseBinary | null> {
  for (const name of ["mariadbd", "mysqld"]) {
    const path = directories.map((directory) => join(directory, name)).find(isExecutable);
    if (path === undefined) continue;
    // `mysqld` is often a link to `mariadbd`, so the name alone does not tell.
    const { stdout } = await run(path, ["--no-defaults", "--version"]);
    return { path, flavor: stdout.includes("MariaDB") ? "mariadb" : "mysql" };
  }
  return null;
}

async function installMariadb(host: Host): Promise<void> {
  try {
    await host.install("mariadb-server-core");
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    throw new DatabaseUnavailableError(
      `mariadb-server-core could not be installed (${reason}); to run these: ${remedy(host)}`,
      { cause: error },
    );
  }
}

async function aptGetInstall(...packages: string[]): Promise<void> {
  console.log(`Installing ${packages.join(", ")} for the tests, once, with apt-get (about 10 seconds)`);
  const lockTimeout = ["-o", "DPkg::Lock::Timeout=120"];
  const options = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, timeout: INSTALL_LIMIT };
  await run("apt-get", [...lockTimeout, "update"], options);
  await run("apt-get", [...lockTimeout, "install", "-y", "--no-install-recommends", ...packages], options);
}

function remedy(host: Host): string {
  if (isDebian(host.osRelease)) return "sudo apt-get install -y --no-install-recommends mariadb-server-core";
  if (process.platform === "darwin") return "brew install mariadb";
  return "TEST_DATABASE_URL=mysql://USER:PASSWORD@HOST:3306 npm test";
}

export function isDebian(osRelease: string): boolean {
  return /^(ID|ID_LIKE)=.*\b(debian|ubuntu)\b/m.test(osRelease);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
