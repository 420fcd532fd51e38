import type { Refresher } from "./refresher.js";
import { isDue, isOfSameUser, isSame, type StoredSession } from "./session.js";
import type { SessionKeeper } from "./session-keeper.js";

/** The session for a request that is about to leave. */
export interface Fresh {
  /** Null if nobody is logged in. */
  readonly stored: StoredSession | null;
  /**
   * A refresh was due and failed or was refused, or somebody else has logged in meanwhile: another try, for the same request,
   * would end as this one.
   */
  readonly failed: boolean;
}

/** Sees to it that requests have a token that is good. It never rejects: whether one was, the server says. */
export class FreshSession {
  constructor(
    private readonly keeper: SessionKeeper,
    private readonly refresher: Refresher,
  ) {}

  /** The session, refreshed if its token is about to expire. */
  async get(): Promise<Fresh> {
    const { stored } = this.keeper;
    if (!stored || !isDue(stored, this.keeper.now())) return { stored, failed: false };
    const next = await this.#following(stored);
    // The listener knows why there is none. What was asked for as somebody is not asked for as nobody: the server says no.
    return next ? { stored: next, failed: false } : { stored, failed: true };
  }

  /** The session after one whose token was refused, or will be soon; null if there is none, or it is somebody else's. */
  async after(refused: StoredSession): Promise<StoredSession | null> {
    const next = await this.#following(refused);
    return next && !isSame(next, refused) ? next : null;
  }

  /** What a connection that is opened now will be refused for, if it is. */
  get current(): StoredSession | null {
    return this.keeper.stored;
  }

  /** Whether its token is about to expire, has expired, or was replaced. */
  isSpent(stored: StoredSession): boolean {
    return isDue(stored, this.keeper.now()) || !isSame(this.current, stored);
  }

  /** Whether somebody else is logged in by now. */
  isReplaced(stored: StoredSession): boolean {
    return this.current !== null && !isOfSameUser(this.current, stored);
  }

  /** A page may have been handed over to the next user meanwhile. Theirs is no session to go on with. */
  async #following(seen: StoredSession): Promise<StoredSession | null> {
    const next = await this.refresher.refresh(seen).catch(() => null);
    return next && isOfSameUser(next, seen) ? next : null;
  }
}
