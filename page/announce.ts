import { CallError } from "./call.js";
import { part } from "./element.js";

/**
 * What the account says itself, and better: that the session is over, or that the token could not be refreshed. By cookies a
 * request with a bad token is an anonymous one.
 */
const TOKEN_ERRORS: ReadonlySet<string> = new Set(["INVALID_TOKEN", "TOKEN_EXPIRED", "UNAUTHENTICATED"]);

/** Says what has happened, to the eye and to screen readers; what was said before is over. */
export function announce(message: string): void {
  part("alert").textContent = "";
  part("status").textContent = message;
}

/** Says what went wrong: screen readers interrupt themselves for it. */
export function complain(message: string): void {
  part("status").textContent = "";
  part("alert").textContent = message;
}

/** Runs what a person has asked for, and says what went wrong of it. */
export async function attempt(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof CallError && TOKEN_ERRORS.has(error.code)) return;
    complain(error instanceof Error ? error.message : String(error));
  }
}
