import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

/** What a process left behind. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node on the arguments, in the project's directory, and waits for it to end. */
export async function runNode(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: child.exitCode, stdout, stderr };
}

/**
 * Runs mocha as `npm test` does, with the project's own configuration, on one test file with this text. In it,
 * `SUPPORT` stands for the URL of the compiled `test/support`.
 */
export async function runMocha(testFile: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const directory = await mkdtemp(join(tmpdir(), "janus-mocha-"));
  try {
    const spec = join(directory, "planted.test.mjs");
    const config = join(directory, "mocharc.json");
    const ours: object = JSON.parse(await readFile(".mocharc.json", "utf8"));
    await writeFile(spec, testFile.replaceAll("SUPPORT", new URL(".", import.meta.url).href.replace(/\/$/, "")));
    await writeFile(config, JSON.stringify({ ...ours, spec: [spec] }));
    return await runNode(["node_modules/mocha/bin/mocha.js", "--config", config, "--forbid-only"], env);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The last line that a process wrote. */
export function lastLine(output: string): string | undefined {
  return output.trimEnd().split("\n").at(-1);
}
