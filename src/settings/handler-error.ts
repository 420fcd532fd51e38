import { AuthError } from "../errors.js";

/**
 * A handler of the settings failed or answered nonsense. It is a mistake of the operator's, not of the client's: the log
 * gets this message and the cause, the client a plain 500.
 */
export class HandlerError extends Error {
  constructor(
    readonly setting: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`The handler in the setting ${setting} ${problem}.`, options);
    this.name = "HandlerError";
  }

  /** Calls a handler. Its own AuthErrors are answers and pass; whatever else it throws becomes a HandlerError. */
  static async wrap<T>(setting: string, call: () => T | Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (cause) {
      if (cause instanceof AuthError) throw cause;
      throw new HandlerError(setting, "threw an error", { cause });
    }
  }
}
