import type { Clock } from "../clock.js";
import type { Issued } from "./auth-api.js";
import type { AuthClientError } from "./auth-client-error.js";
import { type AuthEvent, Listeners } from "./auth-events.js";
import { unexpected } from "./json-request.js";
import { isSame, type Session, type StoredSession, toStored } from "./session.js";
import type { TokenStore } from "./token-store.js";

/** The session of one client: every change of it goes through here, and each is told once. */
export class SessionKeeper {
  readonly #listeners = new Listeners<AuthEvent<unknown>>();
  #stopWatching: (() => void) | undefined;

  /** @param cookies whether tokens are in cookies, and so not to be kept here */
  constructor(
    private readonly store: TokenStore,
    private readonly clock: Clock,
    readonly cookies: boolean,
  ) {}

  get stored(): StoredSession | null {
    return this.store.get();
  }

  get session(): Session<unknown> | null {
    return this.stored?.session ?? null;
  }

  /** Resolves when other tabs see the session as it is. */
  async settle(): Promise<void> {
    await this.store.settle?.();
  }

  /** Milliseconds. */
  now(): number {
    return this.clock.now().getTime();
  }

  /** Whether nobody has logged in, refreshed or ended it since. */
  isStill(stored: StoredSession | null): boolean {
    return isSame(this.stored, stored);
  }

  /** @param sentAt when the request for it left, as `now()` was then */
  loggedIn(issued: Issued, sentAt: number): Session<unknown> {
    const { session } = this.#keep(issued, sentAt, null);
    this.#listeners.tell({ reason: "loggedIn", session });
    return session;
  }

  refreshed(issued: Issued, sentAt: number, before: StoredSession | null): StoredSession {
    const stored = this.#keep(issued, sentAt, before);
    this.#listeners.tell({ reason: "refreshed", session: stored.session });
    return stored;
  }

  loggedOut(): void {
    this.store.set(null);
    this.#listeners.tell({ reason: "loggedOut", session: null });
  }

  refused(error: AuthClientError): void {
    this.store.set(null);
    this.#listeners.tell({ reason: "refused", session: null, error });
  }

  refreshFailed(stored: StoredSession, error: unknown): void {
    this.#listeners.tell({ reason: "refreshFailed", session: stored.session, error });
  }

  /** Other tabs are watched while there is somebody to tell. */
  subscribe(listener: (event: AuthEvent<unknown>) => void): () => void {
    const remove = this.#listeners.add(listener);
    this.#stopWatching ??= this.store.subscribe?.(() =>
      this.#listeners.tell({ reason: "elsewhere", session: this.session }),
    );
    return () => {
      remove();
      if (this.#listeners.size > 0) return;
      this.#stopWatching?.();
      this.#stopWatching = undefined;
    };
  }

  /** @throws AuthClientError for an answer without what is to be kept */
  #keep(issued: Issued, sentAt: number, before: StoredSession | null): StoredSession {
    const { token, refreshToken: _, ...rest } = issued;
    if (!this.cookies && typeof token !== "string") {
      throw unexpected(200, "there is no token in it. Is the server's hideTokenFields on? Then use the option cookies");
    }
    const stored = toStored(this.cookies ? rest : issued, sentAt, before);
    this.store.set(stored);
    return stored;
  }
}
