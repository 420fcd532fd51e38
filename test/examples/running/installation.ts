import { execFile } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { promisify } from "node:util";
import { UnavailableError } from "../../support/unavailable-error.js";

const run = promisify(execFile);
const LOCKFILE = "examples/package-lock.json";
const INSTALLED = "examples/node_modules/.package-lock.json";
const LIMIT = 5 * 60 * 1000; // milliseconds

/** The folders of the examples. */
export const EXAMPLES: readonly string[] = readdirSync("examples", { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
  .map(({ name }) => name);

/**
 * Installs what all examples need, beside the project: it is in nobody's way who does not run them. Nothing in it is
 * compiled, and what the project has already is linked.
 *
 * @throws UnavailableError that names the command
 */
export async function installExamples(): Promise<void> {
  if (existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync(LOCKFILE).mtimeMs) return;
  console.log("      Installing what the examples need, once, with npm");
  try {
    await run("npm", ["ci"], { cwd: "examples", timeout: LIMIT });
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    throw new UnavailableError(`npm could not install them (${reason}); to run these: cd examples && npm ci`, {
      cause: error,
    });
  }
}
