import type { AuthApi, Issued } from "./auth-api.js";
import type { Lock } from "./lock.js";
import { endsSession, mayBeDone } from "./refusal.js";
import { isSame, type StoredSession } from "./session.js";
import type { SessionKeeper } from "./session-keeper.js";

/** Runs one operation on the session at a time, in this tab and in others. */
export type Exclusively = <T>(run: () => Promise<T>) => Promise<T>;

/** `lock` for the session of one server. */
export function exclusivelyBy(lock: Lock, url: URL): Exclusively {
  return (run) => lock(`janus-auth ${url.href}`, run);
}

/** A refresh under way. */
interface Running {
  readonly of: StoredSession | null;
  readonly result: Promise<StoredSession | null>;
}

/** Exchanges the tokens of a session: once, however many ask for it, in this tab and in others. */
export class Refresher {
  #running: Running | undefined;

  constructor(
    private readonly api: AuthApi,
    private readonly keeper: SessionKeeper,
    private readonly exclusively: Exclusively,
  ) {}

  /**
   * The session that follows on `seen`. If somebody has refreshed `seen` since, it is theirs, and no request is sent.
   *
   * @param seen the session whose token is too old, as the caller knows it
   * @returns null if the session is over
   * @throws AuthClientError if the server did not decide: the session is kept
   */
  refresh(seen: StoredSession | null): Promise<StoredSession | null> {
    if (this.#running && isSame(this.#running.of, seen)) return this.#running.result;
    const running = { of: seen, result: this.#followAlone(seen) };
    this.#running = running;
    void this.#forget(running);
    return running.result;
  }

  async #forget(running: Running): Promise<void> {
    await running.result.catch(() => undefined);
    if (this.#running === running) this.#running = undefined;
  }

  /**
   * The lock is given back when other tabs see what came of it: browsers hand on a lock sooner than what is in `localStorage`,
   * and the next one would exchange the old token once more. The result is not held back.
   */
  #followAlone(seen: StoredSession | null): Promise<StoredSession | null> {
    return new Promise((resolve, reject) => {
      const alone = this.exclusively(async () => {
        const next = await this.#follow(seen);
        resolve(next);
        if (!isSame(next, seen)) await this.keeper.settle();
      });
      alone.catch(reject);
    });
  }

  /** Whoever had to wait for the lock finds that the session has changed. */
  async #follow(seen: StoredSession | null): Promise<StoredSession | null> {
    const { keeper } = this;
    // With cookies there may be a session that this page does not know of.
    if (!keeper.isStill(seen) || (seen === null && !keeper.cookies)) return keeper.stored;
    const sentAt = keeper.now();
    try {
      const issued = await this.#ask(seen);
      // Logged out, or logged in anew, while the request was under way: what it came to is of no interest any more.
      return keeper.isStill(seen) ? keeper.refreshed(issued, sentAt, seen) : keeper.stored;
    } catch (error) {
      if (!keeper.isStill(seen)) return keeper.stored;
      return this.#fail(seen, error);
    }
  }

  /** A refresh whose answer was lost is asked for once more: within its grace period the server answers the same again. */
  async #ask(seen: StoredSession | null): Promise<Issued> {
    try {
      return await this.api.refresh(seen ?? {});
    } catch (error) {
      if (!mayBeDone(error)) throw error;
      return this.api.refresh(seen ?? {});
    }
  }

  #fail(seen: StoredSession | null, error: unknown): null {
    if (endsSession(error)) {
      if (seen) this.keeper.refused(error);
      return null;
    }
    if (seen) this.keeper.refreshFailed(seen, error);
    throw error;
  }
}
