import type { Logger } from "../logger.js";
import type { RequestInfo } from "../request-info.js";

/** What a listener is told beside the event itself. Never a token, a password or a key. */
export interface EventContext {
  /** When it happened, by the server's clock. */
  readonly at: Date;
  /** The request that caused it; undefined outside a request. Its headers hold credentials: do not log them whole. */
  readonly request: RequestInfo | undefined;
}

/** Every event, with what it carries. `user` is the natural key, `session` the public id of the session. */
export interface AuthEventMap {
  tokenIssued: { user: string; session: string | undefined };
  tokenRefreshed: { user: string; session: string | undefined };
  refreshTokenRotated: { user: string; session: string };
  /** A session was ended. `replayed`: because of a refresh token that had been replaced. */
  refreshTokenRevoked: { user: string; session: string; replayed: boolean };
  /** A refresh token that had been replaced came back: somebody has a copy. The session has been revoked. */
  refreshTokenReplayed: { user: string; session: string };
  /** Several sessions of a user were ended at once. `except` is the one that goes on. */
  sessionsRevoked: { user: string; count: number; except: string | undefined };
  passwordChanged: { user: string };
  /**
   * A wrong password, of a login or of `setPassword`. `user` is what the client wrote; `known` tells whether there is
   * such a user. Of others it may be a mistyped password.
   */
  loginFailed: { user: string; known: boolean };
  /**
   * A password was not looked at, because there were too many attempts; `limit` tells of what. `user` is what the client
   * wrote, and `known` is false for every login: whether there is such a user was not looked at either.
   */
  loginLimited: { user: string; known: boolean; limit: LoginLimit; retryAfter: number };
}

/** The limits of `loginLimitPerAddress`, `loginLimitPerNameAndAddress` and `loginLimitPerName`. */
export type LoginLimit = "address" | "nameAndAddress" | "name";

export type AuthEventName = keyof AuthEventMap;

/** The names of all events. */
export const AUTH_EVENTS = Object.keys({
  tokenIssued: true,
  tokenRefreshed: true,
  refreshTokenRotated: true,
  refreshTokenRevoked: true,
  refreshTokenReplayed: true,
  sessionsRevoked: true,
  passwordChanged: true,
  loginFailed: true,
  loginLimited: true,
} satisfies Record<AuthEventName, true>) as readonly AuthEventName[];

type Listener<Name extends AuthEventName> = (event: AuthEventMap[Name] & EventContext) => void | Promise<void>;

/** Tells listeners what happened. A listener that throws changes no answer; its error goes to the log. */
export class AuthEvents {
  private readonly listeners = new Map<AuthEventName, Set<Listener<never>>>();

  constructor(private readonly logger: Logger) {}

  /** Calls `listener` at each event of that name. Answers a function that stops it. */
  on<Name extends AuthEventName>(name: Name, listener: Listener<Name>): () => void {
    const listeners = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  emit<Name extends AuthEventName>(name: Name, event: AuthEventMap[Name], context: EventContext): void {
    const { at, request } = context;
    for (const listener of this.listeners.get(name) ?? []) {
      this.notify(name, listener as Listener<Name>, { at, request, ...event });
    }
  }

  private notify<Name extends AuthEventName>(
    name: Name,
    listener: Listener<Name>,
    event: AuthEventMap[Name] & EventContext,
  ): void {
    const failed = (error: unknown) =>
      this.logger.error({ event: name, err: error }, "a listener of an auth event failed");
    try {
      const done = listener(event);
      if (done) void Promise.resolve(done).catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}
