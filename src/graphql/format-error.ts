import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { AuthError, type ErrorCode } from "../errors.js";
import { type PublicError, publicError } from "../public-error.js";

const INTERNAL: ErrorCode = "INTERNAL_SERVER_ERROR";

/** Longest message, in characters: graphql-js repeats names and values in it, and those are the client's. */
const MAX_MESSAGE_LENGTH = 1_000;

/** An error as a client is shown it: message, locations, path and a code. Nothing else of it leaves the server. */
export type ShownError = GraphQLFormattedError & { readonly extensions: ShownExtensions };

interface ShownExtensions {
  readonly code: string;
  /** Seconds, where the same request may be answered later. */
  readonly retryAfter?: number;
}

/**
 * Decides what a client is shown of an error.
 *
 * @param onServerError is told every error that is not the client's doing, for the log
 */
export function formatError(error: GraphQLError, onServerError: (error: unknown) => void): ShownError {
  const { code, message, retryAfter } = describe(error, onServerError);
  return {
    message,
    ...(error.locations && { locations: error.locations }),
    ...(error.path && { path: error.path }),
    extensions: { code, ...(retryAfter !== undefined && { retryAfter }) },
  };
}

function describe(
  error: GraphQLError,
  onServerError: (error: unknown) => void,
): ShownExtensions & { readonly message: string } {
  const cause = error.originalError;
  if (cause instanceof AuthError) return describeAuthError(cause, onServerError);
  // A GraphQLError was written for the client, but its extensions were not: TypeGraphQL puts whole arguments there.
  if (cause === undefined || cause instanceof GraphQLError) return describeGraphQLError(error, cause, onServerError);
  onServerError(cause);
  return publicError(cause);
}

function describeAuthError(error: AuthError, onServerError: (error: unknown) => void): PublicError {
  const shown = publicError(error);
  if (shown.status >= 500) onServerError(error);
  return shown;
}

function describeGraphQLError(
  error: GraphQLError,
  cause: GraphQLError | undefined,
  onServerError: (error: unknown) => void,
): { code: string; message: string } {
  const code = codeOf(error, cause);
  if (code === INTERNAL) onServerError(cause ?? error);
  // Without a code of its own it may be graphql-js' error of a value that does not fit its type, with the value in it.
  if (code === INTERNAL && error.extensions["code"] !== INTERNAL) return publicError(cause);
  return { code, message: shorten(error.message) };
}

/** graphql-js' own errors have no code: those of parsing say so in their message, those of arguments point at them. */
function codeOf(error: GraphQLError, cause: GraphQLError | undefined): string {
  const { code } = error.extensions;
  if (typeof code === "string") return code;
  return requestErrorCode(error, cause);
}

function requestErrorCode(error: GraphQLError, cause: GraphQLError | undefined): ErrorCode {
  if (error.path) return cause?.nodes ? "BAD_USER_INPUT" : INTERNAL;
  return error.message.startsWith("Syntax Error") ? "GRAPHQL_PARSE_FAILED" : "GRAPHQL_VALIDATION_FAILED";
}

/** A message that repeats what the client sent, cut to what a person reads. */
export function shorten(message: string): string {
  return message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message;
}
