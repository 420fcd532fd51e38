import type { AuthUser } from "../auth-user.js";
import type { Clock } from "../clock.js";
import { AuthError, ServiceUnavailableError } from "../errors.js";
import type { Logger } from "../logger.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import type { SetTimer } from "../timer.js";
import type { Viewer } from "./account-operations.js";
import type { AuthOperations } from "./auth-operations.js";
import { Connection } from "./connection.js";
import type { AuthEvents } from "./events.js";
import type { LogoutReason } from "./logout.js";
import { SessionWatch } from "./session-watch.js";
import type { Liveness } from "./token-liveness.js";

/** Most sockets and event streams that one server process holds open. */
export const MAX_CONNECTIONS = 10_000;

/** A user has as many sockets and event streams open in this process as `connectionsPerUser` allows. */
export class TooManyConnectionsError extends AuthError {
  readonly code = "TOO_MANY_CONNECTIONS";

  constructor(limit: number) {
    super(`At most ${limit} connections of one user may be open at the same time`);
  }
}

export interface ConnectionsParts {
  readonly settings: JwtSettings;
  readonly clock: Clock;
  readonly setTimer: SetTimer;
  readonly events: AuthEvents;
  readonly logger: Logger;
  readonly liveness: Liveness;
  readonly auth: Pick<AuthOperations, "identify">;
  readonly naturalKey: (user: AuthUser) => string;
}

/** The sockets and event streams of this process that are open. It ends those whose session, or user, is no longer good. */
export class Connections {
  private readonly opened = new Set<Connection>();
  /** How many each user has open, by natural key: or one of them could take all that there are. */
  private readonly counts = new Map<string, number>();
  private readonly watch: SessionWatch;

  constructor(private readonly parts: ConnectionsParts) {
    const { setTimer, logger } = parts;
    this.watch = new SessionWatch({ setTimer, logger, watched: () => this.ofUsers() });
    this.listen(parts.events);
  }

  /** How many are open. */
  get size(): number {
    return this.opened.size;
  }

  /**
   * Opens one for whoever was authenticated just now.
   *
   * @throws ServiceUnavailableError where there are too many, TooManyConnectionsError where the user has too many
   */
  open({ user, payload, request }: Viewer): Connection {
    if (this.opened.size >= MAX_CONNECTIONS) throw new ServiceUnavailableError();
    const { settings, clock, setTimer, liveness, auth, naturalKey } = this.parts;
    const leave = user ? this.count(naturalKey(user)) : () => undefined;
    const connection = new Connection(
      {
        settings,
        clock,
        setTimer,
        liveness,
        naturalKey,
        request,
        identify: (token, from) => auth.identify(token, from),
        onClose: (closed) => {
          leave();
          this.forget(closed);
        },
      },
      user && { user, payload },
    );
    this.opened.add(connection);
    this.watch.stir();
    return connection;
  }

  /** Counts one more of a user. Answers what counts it off. */
  private count(user: string): () => void {
    const { connectionsPerUser: limit } = this.parts.settings;
    const open = this.counts.get(user) ?? 0;
    if (limit !== undefined && open >= limit) throw new TooManyConnectionsError(limit);
    this.counts.set(user, open + 1);
    return () => {
      const left = (this.counts.get(user) ?? 1) - 1;
      if (left === 0) this.counts.delete(user);
      else this.counts.set(user, left);
    };
  }

  private forget(connection: Connection): void {
    this.opened.delete(connection);
    this.watch.stir();
  }

  private *ofUsers(): Generator<Connection> {
    for (const connection of this.opened) {
      if (connection.identity !== null && connection.ended === null) yield connection;
    }
  }

  /** What happens in this process takes effect at once. */
  private listen(events: AuthEvents): void {
    events.on("passwordChanged", ({ user }) => this.endThose("PASSWORD_CHANGED", { user }));
    events.on("refreshTokenRevoked", ({ session, replayed }) =>
      this.endThose(replayed ? "REPLAYED" : "REVOKED", { session }),
    );
    events.on("sessionsRevoked", ({ user, except }) => this.endThose("REVOKED", { user, anySessionBut: except }));
  }

  private endThose(reason: LogoutReason, which: Affected): void {
    for (const connection of this.ofUsers()) {
      if (this.isAffected(connection, which)) connection.end(reason);
    }
  }

  private isAffected({ identity }: Connection, which: Affected): boolean {
    if (!identity) return false;
    const { sid } = identity.payload ?? {};
    if ("session" in which) return sid === which.session;
    if (this.parts.naturalKey(identity.user) !== which.user) return false;
    // A token that names no session outlives all of them.
    return !("anySessionBut" in which) || (sid !== undefined && sid !== which.anySessionBut);
  }
}

/** Which connections something happened to. */
type Affected =
  | { readonly session: string }
  | { readonly user: string }
  | { readonly user: string; readonly anySessionBut: string | undefined };
