import type { ErrorCode } from "../errors.js";

/**
 * What the auth client rejects with.
 *
 * @example
 * try {
 *   await auth.login(username, password);
 * } catch (error) {
 *   if (error instanceof AuthClientError && error.code === "INVALID_CREDENTIALS") show(error.message);
 *   else throw error;
 * }
 */
export class AuthClientError extends Error {
  override readonly name = "AuthClientError";

  /**
   * @param code the server's own, or `NO_ANSWER` (network, time limit) or `UNEXPECTED_ANSWER` (not from an auth server)
   * @param status of the HTTP answer; undefined where there was none
   */
  constructor(
    readonly code: ErrorCode | "NO_ANSWER" | "UNEXPECTED_ANSWER",
    message: string,
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
