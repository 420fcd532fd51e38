import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { childEnvironment, MAIN } from "../support/command-line.js";
import { freePort } from "../support/free-port.js";
import { type CodeBlock, fileName } from "./code-blocks.js";

/** A session that takes longer hangs, milliseconds. */
const PATIENCE = 50_000;

/** Separates the outputs of the blocks. */
const MARK = "\u001E";

/** The commands that a reader types, made to run here: nothing is installed, and servers go to the background. */
const COMMANDS = `
has_script() { "$NODE" -e 'process.exit(require(process.argv[1]).scripts[process.argv[2]] ? 0 : 1)' "$PACKAGE" "$1"; }

in_background() { # PATTERN OUTPUT COMMAND…: starts a server, and waits for the line that says that it is there
  local pattern=$1 output=$2; shift 2
  "$@" > "$output" 2> "$output.log" &
  local server=$!
  until grep -q "$pattern" "$output"; do kill -0 $server || { cat "$output.log" >&2; return 1; }; sleep 0.05; done
  cat "$output"
}

npm() {
  case $1 in
    ci | install) ;;
    start) has_script start && in_background 'To log in' janus.out "$NODE" "$MAIN" serve ;;
    run) has_script "$2" ;;
    *) has_script "$1" ;;
  esac
}

npx() {
  case $1 in
    janus-auth) shift; "$NODE" "$MAIN" "$@" ;;
    tsc) "$NODE" "$TSC" ;;
    *) return 1 ;;
  esac
}

node() {
  if [ "$1" = server.js ]; then in_background 3000 host.out "$NODE" "$@"; else "$NODE" "$@"; fi
}

trap 'kill $(jobs -p) 2> /dev/null; wait' EXIT
`;

/** What became of a reader's session. */
export interface Session {
  readonly code: number | null;
  /** What each block wrote, as far as the session came. */
  readonly outputs: readonly string[];
  readonly errors: string;
  /** Where the bundled server and the embedding one listened. */
  readonly ports: Ports;
}

/** The ports in the place of 4000 and 3000. */
export type Ports = readonly [janus: number, host: number];

/**
 * Does what a reader of the README does: saves its files, and types its commands in one shell, from the first to the
 * last. Only the ports differ, and the password that the first start printed.
 */
export async function read(files: readonly CodeBlock[], commands: readonly CodeBlock[]): Promise<Session> {
  await mkdir("build", { recursive: true });
  const directory = await mkdtemp(resolve("build", "readme-"));
  try {
    const ports = [await freePort(), await freePort()] as const;
    await installPackage(directory);
    for (const file of files) await writeFile(join(directory, fileName(file) ?? ""), inPlace(file.text, ports));
    return await type(directory, commands, ports);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** As `npm install janus-auth` would; its dependencies are found in the project's own folder above. */
async function installPackage(directory: string): Promise<void> {
  await mkdir(join(directory, "node_modules"));
  await symlink(resolve("."), join(directory, "node_modules", "janus-auth"), "dir");
  await writeFile(join(directory, "package.json"), JSON.stringify({ private: true, type: "module" }));
}

async function type(directory: string, commands: readonly CodeBlock[], ports: Ports): Promise<Session> {
  const blocks = commands.map(({ text: command }) => `printf '${MARK}'\n${inPlace(command, ports)}`);
  const script = inPlace(COMMANDS, ports) + blocks.join("\n");
  const shell = spawn("bash", ["-euo", "pipefail", "-c", script], {
    cwd: directory,
    env: childEnvironment({
      PORT: String(ports[0]),
      NODE: process.execPath,
      MAIN,
      TSC: resolve("node_modules", "typescript", "bin", "tsc"),
      PACKAGE: resolve("package.json"),
    }),
    stdio: ["ignore", "pipe", "pipe"],
    timeout: PATIENCE,
  });
  const [output, errors] = await Promise.all([text(shell.stdout), text(shell.stderr), once(shell, "close")]);
  return { code: shell.exitCode, outputs: output.split(MARK).slice(1), errors, ports };
}

/** The README's addresses and password are those of its reader. */
export function inPlace(snippet: string, [janus, host]: Ports): string {
  return snippet
    .replaceAll(/\b4000\b/g, String(janus))
    .replaceAll(/\b3000\b/g, String(host))
    .replaceAll("'the password that the first start printed'", "$(sed -n 's/^  Password  //p' janus.out)");
}
