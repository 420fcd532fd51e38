import type { FastifyBaseLogger } from "fastify";
import { pino } from "pino";
import { withoutTokens } from "./without-tokens.js";

/** Where log lines go: one JSON object a line. */
export type LogStream = { write(line: string): void };

/** An error as the log has it. */
interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: unknown;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/** Causes of causes are logged to this depth. */
const MAX_CAUSES = 5;

/**
 * The server's logger. Requests are logged by `request-log.ts` and not by Fastify, which would write URLs: those can
 * hold tokens.
 *
 * @param level one of pino's: fatal, error, warn, info, debug, trace, silent
 */
export function createLogger(level: string, stream: LogStream = process.stderr): FastifyBaseLogger {
  return pino({ level, base: null, serializers: { err: (error: unknown) => logError(error, MAX_CAUSES) } }, stream);
}

/**
 * An error without its own properties: those of a database error are the statement and its parameters, those of an HTTP
 * client's the request with its headers.
 */
function logError(error: unknown, depth: number): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: "something that is no error was thrown" };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    ...textOf(error, code),
    ...(code !== undefined && { code }),
    ...(error.cause !== undefined && depth > 0 && { cause: logError(error.cause, depth - 1) }),
  };
}

function textOf(error: Error, code: unknown): Pick<LoggedError, "message" | "stack"> {
  // Fastify's own errors repeat the URL.
  if (typeof code === "string" && code.startsWith("FST_")) return { message: code };
  return {
    message: withoutTokens(error.message),
    ...(error.stack !== undefined && { stack: withoutTokens(error.stack) }),
  };
}
