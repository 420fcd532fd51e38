// Verifies the registry's signatures and attestations of all installed packages. A signature that is wrong or missing ends
// it with 1. Where there is nobody to ask for the keys, offline or with a registry that has none, it says so in one line.
import { spawnSync } from "node:child_process";

const NETWORK = [
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "ERR_SOCKET_TIMEOUT",
];
const NO_KEYS = /no dependencies to audit that were installed from a supported registry/;

const patience = ["--fetch-retries=1", "--fetch-timeout=10000"];
const { status, stdout } = spawnSync("npm", ["audit", "signatures", "--json", ...patience], { encoding: "utf8" });
const { error, invalid = [], missing = [] } = readAnswer(stdout);
const unsigned = [...invalid.map((found) => ["invalid", found]), ...missing.map((found) => ["missing", found])];

for (const [what, { name, version }] of unsigned) console.log(`signatures: ${what}: ${name}@${version}`);
if (error && (NETWORK.includes(error.code) || NO_KEYS.test(error.summary))) {
  console.log(`signatures: skipped, no keys to verify them with (${error.code ?? "the registry offers none"})`);
} else if (unsigned.length > 0 || error || status !== 0) {
  if (error) console.log(`signatures: not verified: ${error.summary}`);
  process.exitCode = 1;
} else {
  console.log("signatures: all of the registry's are right");
}

function readAnswer(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { error: { code: "EJSON", summary: `npm audit signatures ended with ${status} and no answer` } };
  }
}
