import { numericDate } from "../clock.js";
import type { RefreshToken } from "../sessions/refresh-token.js";
import type { RefreshTokenRepository } from "../sessions/refresh-token-repository.js";
import { type Call, eventContext } from "./call.js";
import type { AuthEvents } from "./events.js";
import { expiryOf } from "./refresh-tokens.js";

/** Most sessions that are listed of one user. */
const MAX_LISTED = 100;

/** A session as a person recognises it. All times are Unix seconds. */
export interface SessionInfo {
  /** The public id, `sid` in access tokens. */
  readonly id: string;
  /** The `User-Agent` header of the last use. */
  readonly device: string | null;
  /** The network address of the last use. */
  readonly address: string | null;
  readonly created: number;
  readonly lastUsed: number;
  /** When it ends unless it is refreshed before. */
  readonly expires: number;
  /** Whether it is the session of the access token that asks. */
  readonly current: boolean;
}

/** The sessions of one user, to see and to end. */
export class SessionList {
  constructor(
    private readonly repository: RefreshTokenRepository,
    private readonly events: AuthEvents,
  ) {}

  /**
   * The live sessions, the latest used first.
   *
   * @param owner `validAfter`: sessions that were opened before are refused everywhere, so they are not shown either
   * @param currentId the session that asks
   */
  async list(
    { key, validAfter }: { key: string; validAfter: Date | null },
    currentId: string | undefined,
    call: Call,
  ): Promise<SessionInfo[]> {
    const sessions = await this.repository.findUnrevoked(key, MAX_LISTED);
    return sessions
      .filter(({ created }) => validAfter === null || created >= validAfter)
      .map((session) => sessionInfo(session, currentId, call))
      .filter(({ expires }) => expires >= numericDate(call.now));
  }

  /** Ends one session. False if it is not a live one of this user. */
  async revoke(user: string, id: string, call: Call): Promise<boolean> {
    const revoked = await this.repository.revoke(id, call.now, user);
    if (revoked) this.events.emit("refreshTokenRevoked", { user, session: id, replayed: false }, eventContext(call));
    return revoked;
  }

  /** Ends all sessions, but for one if `exceptId` is given. Answers how many. */
  async revokeAll(user: string, call: Call, exceptId?: string): Promise<number> {
    const count = await this.repository.revokeAll(user, call.now, exceptId);
    if (count > 0) this.events.emit("sessionsRevoked", { user, count, except: exceptId }, eventContext(call));
    return count;
  }
}

function sessionInfo(session: RefreshToken, currentId: string | undefined, call: Call): SessionInfo {
  return {
    id: session.id,
    device: session.userAgent,
    address: session.address,
    created: numericDate(session.created),
    lastUsed: numericDate(session.lastUsed),
    expires: expiryOf(session, call),
    current: session.id === currentId,
  };
}
