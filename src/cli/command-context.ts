import type { Readable, Writable } from "node:stream";
import type { Clock } from "../clock.js";

/** What a command works with: the process's own, or a test's. */
export interface CommandContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** What the command was asked for. */
  readonly stdout: Writable;
  /** Errors, warnings, progress and prompts; the log of `serve`. */
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly clock: Clock;
}
