import { readFileSync } from "node:fs";
import { debuglog, inspect } from "node:util";
import type { CommandContext } from "./command-context.js";
import { describeFailure, EXIT_CODE } from "./failure.js";
import { createProgram } from "./program.js";

const debug = debuglog("janus-auth");

/**
 * Runs the command line.
 *
 * @param args without the program's own name
 * @returns the exit code
 */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  try {
    await createProgram(context, packageVersion()).parseAsync(args, { from: "user" });
    return EXIT_CODE.ok;
  } catch (error) {
    return reportFailure(error, context);
  }
}

/** Tells the operator what went wrong, one line each; with `NODE_DEBUG=janus-auth` where, too. @returns the exit code */
export function reportFailure(error: unknown, { stderr }: Pick<CommandContext, "stderr">): number {
  const { exitCode, lines } = describeFailure(error);
  for (const line of lines) stderr.write(`janus-auth: ${line}\n`);
  if (exitCode !== EXIT_CODE.ok) debug("%s", inspect(error));
  return exitCode;
}

function packageVersion(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
