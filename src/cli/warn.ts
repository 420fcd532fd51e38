import type { CommandContext } from "./command-context.js";

/** Tells the operator of something that a command does not fail of. */
export function warn({ stderr }: Pick<CommandContext, "stderr">, message: string): void {
  stderr.write(`janus-auth: warning: ${message}\n`);
}
