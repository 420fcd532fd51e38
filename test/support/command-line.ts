import { spawn } from "node:child_process";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { CommandContext } from "../../src/cli/command-context.js";
import { run } from "../../src/cli/run.js";
import { type Clock, systemClock } from "../../src/clock.js";
import type { Ended } from "./child-process.js";

/** The compiled program, as the package's `bin` names it. */
export const MAIN = fileURLToPath(new URL("../../src/cli/main.js", import.meta.url));

/** Variables for a command; nothing that the tests were started with gets to it by accident. */
export type Environment = Readonly<Record<string, string>>;

export interface CommandOptions {
  readonly environment?: Environment;
  /** What is on standard input. */
  readonly input?: string;
}

/** What a process of its own is given. Coverage is measured in it too. */
export function childEnvironment(environment: Environment): Record<string, string> {
  const { PATH = "", NODE_V8_COVERAGE } = process.env;
  return { PATH, ...(NODE_V8_COVERAGE !== undefined && { NODE_V8_COVERAGE }), ...environment };
}

/** Runs `janus-auth` in a process of its own. */
export async function janusAuth(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: childEnvironment(options.environment ?? {}) });
  child.stdin.on("error", () => {}); // A command that reads nothing may be gone before it is written.
  child.stdin.end(options.input ?? "");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: child.exitCode, stdout, stderr };
}

/** Runs `janus-auth` in this process, which is faster and lets the clock be set. */
export async function janusAuthHere(
  args: readonly string[],
  options: CommandOptions & { readonly clock?: Clock } = {},
): Promise<Ended> {
  const context = testCommandContext({ environment: options.environment ?? {}, clock: options.clock ?? systemClock });
  context.stdin.end(options.input ?? "");
  const code = await run(args, context);
  return { code, stdout: context.written("stdout"), stderr: context.written("stderr") };
}

/** Streams that a test writes to and reads from. */
export interface TestCommandContext extends CommandContext {
  readonly stdin: PassThrough & { isTTY?: boolean };
  readonly stderr: PassThrough & { isTTY?: boolean };
  /** What was written to a stream so far. */
  written(stream: "stdout" | "stderr"): string;
  /** Resolves when this text has been written to standard error. */
  untilWritten(text: string): Promise<void>;
}

export function testCommandContext(
  parts: Partial<Pick<CommandContext, "environment" | "clock">> & { readonly terminal?: boolean } = {},
): TestCommandContext {
  const { environment = {}, clock = systemClock, terminal = false } = parts;
  const written = { stdout: "", stderr: "" };
  const streams = {
    stdin: Object.assign(new PassThrough(), { isTTY: terminal }),
    stdout: new PassThrough(),
    stderr: Object.assign(new PassThrough(), { isTTY: terminal }),
  };
  for (const name of ["stdout", "stderr"] as const) {
    streams[name].setEncoding("utf8").on("data", (chunk: string) => (written[name] += chunk));
  }
  return {
    environment,
    clock,
    ...streams,
    written: (stream) => written[stream],
    async untilWritten(awaited) {
      while (!written.stderr.includes(awaited)) await once(streams.stderr, "data");
    },
  };
}
