import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { AuthError, type ErrorCode, publicError } from "../errors.js";

/** An error as a client is shown it: message, locations, path and a code. Nothing else of it leaves the server. */
export type ShownError = GraphQLFormattedError & { readonly extensions: { readonly code: string } };

/**
 * Decides what a client is shown of an error.
 *
 * @param onInternalError is told the error behind an "Internal server error", for the log
 */
export function formatError(error: GraphQLError, onInternalError: (error: unknown) => void): ShownError {
  const { code, message } = describe(error, onInternalError);
  return {
    message,
    ...(error.locations && { locations: error.locations }),
    ...(error.path && { path: error.path }),
    extensions: { code },
  };
}

function describe(error: GraphQLError, onInternalError: (error: unknown) => void): { code: string; message: string } {
  const cause = error.originalError ?? error;
  if (cause instanceof AuthError) return publicError(cause);
  // Its message was written for the client, but its extensions were not: TypeGraphQL puts whole arguments there.
  if (cause instanceof GraphQLError && isForClient(error)) return { code: codeOf(error), message: error.message };
  onInternalError(cause);
  return publicError(cause);
}

/** What is thrown while resolving needs a code: graphql-js' errors of a value that does not fit its type show the value. */
function isForClient({ path, extensions }: GraphQLError): boolean {
  return path === undefined || typeof extensions["code"] === "string";
}

function codeOf(error: GraphQLError): string {
  const { code } = error.extensions;
  return typeof code === "string" ? code : (requestErrorCode(error) satisfies ErrorCode);
}

/** graphql-js' own errors have no code. Only those of parsing say so in their message. */
function requestErrorCode(error: GraphQLError): ErrorCode {
  return error.message.startsWith("Syntax Error") ? "GRAPHQL_PARSE_FAILED" : "GRAPHQL_VALIDATION_FAILED";
}
