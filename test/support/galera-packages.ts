import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseUnavailableError, type Host, isDebian, isExecutable, thisHost } from "./database-binary.js";

const PACKAGES = ["mariadb-server", "galera-4", "rsync", "socat"];
const COMMAND = `sudo apt-get install -y --no-install-recommends ${PACKAGES.join(" ")}`;
const LIBRARIES = ["/usr/lib/galera/libgalera_smm.so", "/usr/lib64/galera-4/libgalera_smm.so"];
const PROGRAMS = ["mariadbd", "rsync", "wsrep_sst_rsync"];

/** What a node of a Galera cluster is made of. */
export interface GaleraFiles {
  readonly mariadbd: string;
  readonly library: string;
}

/**
 * Finds Galera on this machine; on Debian and Ubuntu as root, installs it.
 *
 * @throws DatabaseUnavailableError that names the command which would change it
 */
export async function galeraFiles(host: Host = thisHost(), libraries = LIBRARIES): Promise<GaleraFiles> {
  const found = find(host, libraries);
  if (found) return found;
  if (!host.isRoot || !isDebian(host.osRelease)) {
    throw new DatabaseUnavailableError(`no Galera on this machine; to run these: ${COMMAND}`);
  }
  try {
    await host.install(...PACKAGES);
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    throw new DatabaseUnavailableError(`Galera could not be installed (${reason}); to run these: ${COMMAND}`, {
      cause: error,
    });
  }
  const installed = find(host, libraries);
  if (!installed) throw new Error(`${PACKAGES.join(", ")} were installed, but there is no Galera`);
  return installed;
}

function find({ directories }: Host, libraries: readonly string[]): GaleraFiles | null {
  const [mariadbd, ...others] = PROGRAMS.map((name) =>
    directories.map((directory) => join(directory, name)).find(isExecutable),
  );
  const library = libraries.find((path) => existsSync(path));
  return mariadbd && library && others.every(Boolean) ? { mariadbd, library } : null;
}
