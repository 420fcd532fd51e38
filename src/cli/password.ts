import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import { read } from "read";
import type { CommandContext } from "./command-context.js";
import { CommandError } from "./command-error.js";

/**
 * Gets a password that is to be set: from standard input, or by asking for it twice on the terminal, without an echo.
 *
 * @throws CommandError if there is neither, or the two differ
 */
export async function newPassword(context: CommandContext, { passwordStdin = false }): Promise<string> {
  if (passwordStdin) return oneLine(await text(context.stdin));
  if (context.stdin.isTTY !== true) {
    throw new CommandError("there is no terminal to ask for the password on: pipe it in, with --password-stdin");
  }
  const password = await ask("Password:", context);
  const repeated = await ask("The same again:", context);
  if (password !== repeated) throw new CommandError("the two passwords are not the same");
  return password;
}

/** What `echo` and editors put at the end is no part of a password. */
function oneLine(input: string): string {
  const password = input.replace(/\r?\n$/, "");
  if (/[\r\n]/.test(password)) throw new CommandError("the password on standard input must be one line");
  return password;
}

async function ask(prompt: string, { stdin, stderr }: CommandContext): Promise<string> {
  const settled = new AbortController();
  // By itself `read` looks at its output to tell a terminal, and would let one echo where that is redirected.
  const answer = read({ prompt, silent: true, input: stdin, output: stderr, terminal: true });
  try {
    return await Promise.race([answer, abandoned(stdin, settled.signal)]);
  } catch (error) {
    throw new CommandError("no password was given", { cause: error });
  } finally {
    settled.abort();
    stderr.write("\n");
  }
}

/** Rejects when the input ends before there is a line (Ctrl+D): `read` pauses it then, and never settles. */
async function abandoned(stdin: CommandContext["stdin"], signal: AbortSignal): Promise<never> {
  await once(stdin, "pause", { signal });
  await setImmediate(); // It pauses at the end of a line too, and settles right after.
  throw new Error("canceled");
}
