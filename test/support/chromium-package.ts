import { join } from "node:path";
import { type Host, isDebian, isExecutable, thisHost } from "./database-binary.js";
import { UnavailableError } from "./unavailable-error.js";

const PACKAGE = "chromium";
const COMMAND = `sudo apt-get install -y --no-install-recommends ${PACKAGE}`;
const PROGRAMS = ["chromium", "chromium-browser", "google-chrome"];

/**
 * Finds a browser on this machine; on Debian as root, installs Chromium.
 *
 * @returns its path
 * @throws UnavailableError that names the command which would change it
 */
export async function chromiumPath(host: Host = thisHost()): Promise<string> {
  const found = find(host);
  if (found !== undefined) return found;
  if (!host.isRoot || !isDebian(host.osRelease)) {
    throw new UnavailableError(`no Chromium on this machine; to run these: ${COMMAND}`);
  }
  try {
    await host.install(PACKAGE);
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    throw new UnavailableError(`Chromium could not be installed (${reason}); to run these: ${COMMAND}`, {
      cause: error,
    });
  }
  const installed = find(host);
  if (installed === undefined) throw new Error(`${PACKAGE} was installed, but there is no Chromium`);
  return installed;
}

function find({ directories }: Host): string | undefined {
  return PROGRAMS.flatMap((name) => directories.map((directory) => join(directory, name))).find(isExecutable);
}
