import type { AuthClientError } from "./auth-client-error.js";
import type { Session } from "./session.js";

/** What happened to the session, and why. */
export type AuthEvent<User> =
  | { readonly reason: "loggedIn" | "refreshed"; readonly session: Session<User> }
  | { readonly reason: "loggedOut"; readonly session: null }
  /** The server refuses to go on with the session; `error.code` says why. */
  | { readonly reason: "refused"; readonly session: null; readonly error: AuthClientError }
  /** A refresh failed, and may succeed later: the session is kept. */
  | { readonly reason: "refreshFailed"; readonly session: Session<User>; readonly error: unknown }
  /** Another tab has logged in, refreshed or ended the session. */
  | { readonly reason: "elsewhere"; readonly session: Session<User> | null };

/** Those who want to know. */
export class Listeners<Event> {
  readonly #listeners = new Set<(event: Event) => void>();

  get size(): number {
    return this.#listeners.size;
  }

  /** Answers what removes it again. The same function twice is told twice. */
  add(listener: (event: Event) => void): () => void {
    const own = (event: Event) => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** A mistake of one listener reaches neither the others nor the request that caused the event: it ends up uncaught. */
  tell(event: Event): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
