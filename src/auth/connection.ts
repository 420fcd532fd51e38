import { type Clock, numericDate } from "../clock.js";
import { AuthError, JsonWebTokenError, ServiceUnavailableError, UnauthenticatedError } from "../errors.js";
import type { RequestInfo } from "../request-info.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { isExpired } from "../tokens/claims.js";
import { MAX_DELAY, type SetTimer } from "../timer.js";
import type { Identity } from "./auth-operations.js";
import type { AuthUser } from "../auth-user.js";
import { ConnectionOperation } from "./connection-operation.js";
import { endError, type EndReason } from "./logout.js";
import type { AcceptedIdentity, Liveness } from "./token-liveness.js";

/** Most operations that run on one connection at the same time, subscriptions among them. */
export const MAX_OPERATIONS = 100;

/** A connection runs as many operations as it may. */
export class TooManyOperationsError extends AuthError {
  readonly code = "TOO_MANY_OPERATIONS";

  constructor(limit: number) {
    super(`At most ${limit} operations may run on one connection at the same time`);
  }
}

/** How long a connection that is over waits for answers that are on their way, milliseconds. */
export const SETTLE_LIMIT = 5_000;

export interface ConnectionParts {
  readonly settings: JwtSettings;
  readonly clock: Clock;
  readonly setTimer: SetTimer;
  readonly liveness: Liveness;
  readonly identify: (token: string, request: RequestInfo | undefined) => Promise<Identity<AuthUser>>;
  readonly naturalKey: (user: AuthUser) => string;
  readonly request: RequestInfo | undefined;
  /** Is called once, when it is closed. */
  readonly onClose: (connection: Connection) => void;
}

/**
 * A WebSocket or an event stream: good for as long as a request with its token would be. Whoever opened it is told when
 * it is over, closes the transport, and then calls `close`.
 */
export class Connection {
  private readonly operations = new Set<ConnectionOperation>();
  private readonly settling = new Set<() => void>();
  private cancelExpiry = (): void => {};
  private endReason: EndReason | null = null;
  private isClosed = false;
  private onEnd: (reason: EndReason) => void = () => {};

  constructor(
    private readonly parts: ConnectionParts,
    private accepted: AcceptedIdentity | null,
  ) {
    this.waitForExpiry();
  }

  /** Who it is of; null for nobody. */
  get identity(): AcceptedIdentity | null {
    return this.accepted;
  }

  /** Why it is over; null while it is not. */
  get ended(): EndReason | null {
    return this.endReason;
  }

  /** Calls `listener` when it is over. There is one. */
  whenEnded(listener: (reason: EndReason) => void): void {
    this.onEnd = listener;
  }

  /**
   * Begins an operation: looks at the user and the session again, as for any request.
   *
   * @throws JsonWebTokenError if the connection is over, TooManyOperationsError, ServiceUnavailableError
   */
  async begin(): Promise<ConnectionOperation> {
    if (this.operations.size >= MAX_OPERATIONS) throw new TooManyOperationsError(MAX_OPERATIONS);
    const place = this.start();
    try {
      await this.check();
      this.assertGoesOn();
    } finally {
      place.finish();
    }
    return this.start();
  }

  /** Begins an operation without another look, for a connection that was opened a moment ago. */
  start(): ConnectionOperation {
    const operation = new ConnectionOperation(this.accepted, () => {
      this.operations.delete(operation);
      this.settle();
    });
    this.operations.add(operation);
    return operation;
  }

  /**
   * Goes on with another access token, of the same user and session. Somebody else's ends the connection.
   *
   * @returns when the new one expires, Unix seconds; null if it does not
   * @throws UnauthenticatedError on a connection of nobody, JsonWebTokenError for a token that must not be accepted
   */
  async renew(token: string): Promise<{ expires: number | null }> {
    const { accepted } = this;
    if (!accepted) throw new UnauthenticatedError();
    const { user, payload } = await this.parts.identify(token, this.parts.request);
    this.assertGoesOn();
    if (!user || !this.isSame(accepted, { user, payload })) {
      this.end("MISUSED");
      throw new JsonWebTokenError();
    }
    this.accepted = { user, payload };
    this.waitForExpiry();
    return { expires: this.expiry === undefined ? null : Math.floor(this.expiry) };
  }

  /** Looks whether it is still good, and ends it if not. @throws ServiceUnavailableError */
  async check(): Promise<void> {
    const { accepted } = this;
    if (!accepted || this.endReason) return;
    if (this.endIfExpired()) return;
    const found = await this.parts.liveness.check(accepted);
    // It may have been renewed, or ended, meanwhile. Another look at the same token is no reason to overlook this one.
    if (this.accepted?.payload !== accepted.payload || this.endReason) return;
    if (typeof found === "string") this.end(found);
    else this.accepted = { user: found, payload: accepted.payload };
  }

  /** It is over: subscriptions stop now, and those of `sessionEvents` tell why. */
  end(reason: EndReason): void {
    if (this.endReason || this.isClosed) return;
    this.endReason = reason;
    this.cancelExpiry();
    const at = numericDate(this.parts.clock.now());
    const event = reason === "MISUSED" ? null : ({ type: "LOGGED_OUT", reason, at } as const);
    for (const operation of this.operations) operation.end(event, endError(reason));
    this.onEnd(reason);
  }

  /** Resolves when the answers that are on their way have been sent, at the latest after `SETTLE_LIMIT`. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.parts.setTimer(() => done(), SETTLE_LIMIT);
      const done = (): void => {
        cancel();
        this.settling.delete(done);
        resolve();
      };
      this.settling.add(done);
      this.settle();
    });
  }

  /** The transport is gone. Lets go of everything. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.cancelExpiry();
    for (const operation of this.operations) operation.abandon();
    this.parts.onClose(this);
  }

  private settle(): void {
    if (Array.from(this.operations).some(({ isAwaited }) => isAwaited)) return;
    for (const done of this.settling) done();
  }

  private assertGoesOn(): void {
    if (this.endReason) throw endError(this.endReason);
    if (this.isClosed) throw new ServiceUnavailableError();
  }

  /** With a session in the old token the new one has to be of the same. */
  private isSame(old: AcceptedIdentity, renewed: AcceptedIdentity): boolean {
    const { naturalKey } = this.parts;
    if (naturalKey(old.user) !== naturalKey(renewed.user)) return false;
    return !old.payload || old.payload.sid === renewed.payload?.sid;
  }

  /** Unix seconds; undefined where tokens are accepted for ever. */
  private get expiry(): number | undefined {
    return this.parts.settings.verifyExpiration ? this.accepted?.payload?.exp : undefined;
  }

  private waitForExpiry(): void {
    this.cancelExpiry();
    if (this.expiry === undefined) return;
    const left = (this.expiry + this.parts.settings.leeway) * 1000 - this.parts.clock.now().getTime();
    const wake = (): void => {
      if (!this.endIfExpired()) this.waitForExpiry();
    };
    this.cancelExpiry = this.parts.setTimer(wake, Math.min(Math.max(left, 0), MAX_DELAY));
  }

  private endIfExpired(): boolean {
    const { settings, clock } = this.parts;
    if (this.expiry === undefined || !isExpired(this.expiry, settings, clock.now())) return false;
    this.end("EXPIRED");
    return true;
  }
}
