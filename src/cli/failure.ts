import { CommanderError } from "commander";
import { DatabaseConnectError } from "../database/connect.js";
import { DatabaseError } from "../database/database-error.js";
import { DatabaseUrlError } from "../database/database-url.js";
import { BadUserInputError, ServiceUnavailableError } from "../errors.js";
import { SettingsError } from "../settings/settings-error.js";

/** What the process answers to whoever started it. The last two are those of BSD's sysexits.h. */
export const EXIT_CODE = { ok: 0, failure: 1, usage: 2, unavailable: 69, config: 78 } as const;

/** How a command failed, for the operator. */
export interface Failure {
  readonly exitCode: number;
  /** One line for each thing that is wrong, without a secret and without a stack. */
  readonly lines: readonly string[];
}

/** The one place that decides what the operator is told of an error, and what the process exits with. */
export function describeFailure(error: unknown): Failure {
  const { exitCode, lines } = failureOf(error);
  return { exitCode, lines: lines.map((line) => line.trim().replaceAll(/\s*\n\s*/g, " ")) };
}

function failureOf(error: unknown): Failure {
  // Commander has told what is wrong already; asking for help or the version is no failure.
  if (error instanceof CommanderError) return { exitCode: error.exitCode && EXIT_CODE.usage, lines: [] };
  if (error instanceof SettingsError) {
    return { exitCode: EXIT_CODE.config, lines: error.problems.map(({ setting, problem }) => `${setting} ${problem}`) };
  }
  if (error instanceof DatabaseUrlError)
    return { exitCode: EXIT_CODE.config, lines: [`DATABASE_URL: ${error.message}`] };
  if (error instanceof DatabaseConnectError) return { exitCode: EXIT_CODE.unavailable, lines: [error.message] };
  if (error instanceof ServiceUnavailableError) return { exitCode: EXIT_CODE.unavailable, lines: [unavailable(error)] };
  if (error instanceof BadUserInputError) {
    return { exitCode: EXIT_CODE.failure, lines: error.problems.map(({ problem }) => problem) };
  }
  return {
    exitCode: EXIT_CODE.failure,
    lines: [error instanceof Error ? error.message : "something unknown went wrong"],
  };
}

function unavailable({ cause }: ServiceUnavailableError): string {
  const { code, message } = DatabaseError.from(cause);
  if (code?.startsWith("SQLITE_BUSY")) return "the database is locked by another process: try again when it is done";
  return `the database cannot be reached: ${message}`;
}
