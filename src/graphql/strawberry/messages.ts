import {
  InvalidCredentialsError,
  JsonWebTokenError,
  RefreshExpiredError,
  TokenDecodeError,
  TokenExpiredError,
} from "../../errors.js";

const AUTHENTICATION_FAILURE = "Authentication failure";
const TOKEN_EXPIRED = "Token expired";

/** Runs a login or refresh, and says what went wrong in the words of strawberry-django-extras. The codes stay ours. */
export async function inStrawberryWords<T>(operation: Promise<T>): Promise<T> {
  return operation.catch((error: unknown) => {
    throw inItsWords(error);
  });
}

/** It has one message for every token that cannot be refreshed any more, whatever the reason. */
function inItsWords(cause: unknown): unknown {
  if (cause instanceof InvalidCredentialsError) return new InvalidCredentialsError(AUTHENTICATION_FAILURE);
  if (cause instanceof RefreshExpiredError) return new RefreshExpiredError(TOKEN_EXPIRED);
  if (cause instanceof TokenExpiredError) return new TokenExpiredError(TOKEN_EXPIRED, { cause });
  if (cause instanceof TokenDecodeError) return new TokenDecodeError(TOKEN_EXPIRED, { cause });
  if (cause instanceof JsonWebTokenError && cause.code === "INVALID_TOKEN") {
    return new JsonWebTokenError(TOKEN_EXPIRED, { cause });
  }
  return cause;
}
