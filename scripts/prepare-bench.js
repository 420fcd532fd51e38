// Installs and compiles what Janus is measured beside. They are no dependencies of the project, so that `npm ci` stays
// small. Without them `npm run bench` measures Janus and the floors alone.
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";

const FOLDER = "bench/contenders";
const LOCKFILE = `${FOLDER}/package-lock.json`;
const INSTALLED = `${FOLDER}/node_modules/.package-lock.json`;

try {
  if (!existsSync(INSTALLED) || statSync(INSTALLED).mtimeMs < statSync(LOCKFILE).mtimeMs) {
    console.error("Installing the contenders of the benchmark");
    // Some of what they need names a later Node, and runs on this one.
    execFileSync("npm", ["ci", "--loglevel=error"], { cwd: FOLDER, stdio: "inherit" });
  }
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", FOLDER], { stdio: "inherit" });
} catch (error) {
  console.error(`The contenders cannot be measured: ${error.message}`);
}
