import { part } from "./element.js";

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
    complain(error instanceof Error ? error.message : String(error));
  }
}
