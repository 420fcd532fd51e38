import type { AuthUser } from "../auth-user.js";
import type { RefreshTokenRepository } from "../sessions/refresh-token-repository.js";
import type { RefreshToken } from "../sessions/refresh-token.js";
import type { Users } from "./users.js";

/** What is kept about whom an access token speaks for. */
export interface KeptIdentity<TUser extends AuthUser> {
  readonly user: TUser | null;
  readonly session: Pick<RefreshToken, "user" | "revoked"> | null;
}

/** A session, and its user where they were found together. */
export interface KeptSession<TUser extends AuthUser> {
  readonly session: RefreshToken;
  /** Null where there is none; undefined where nobody has looked. */
  readonly user?: TUser | null;
}

/** Finds users and sessions together: those of an access token with `verifySession`, and those of a refresh token. */
export interface IdentityLookup<TUser extends AuthUser> {
  /**
   * The user with this natural key, or null, and the session with this public id, or null. Where there is no such user,
   * or the session is somebody else's, the session may be null too: nobody looks at it then.
   */
  find(naturalKey: string, sessionId: string): Promise<KeptIdentity<TUser>>;

  /** The session with this hash of a refresh token, or null. */
  findByHash(hash: Buffer): Promise<KeptSession<TUser> | null>;
}

/** Asks for both at the same time: users may live in another place than sessions. */
export class ParallelLookup<TUser extends AuthUser> implements IdentityLookup<TUser> {
  constructor(
    private readonly users: Users<TUser>,
    private readonly sessions: RefreshTokenRepository,
  ) {}

  async find(naturalKey: string, sessionId: string): Promise<KeptIdentity<TUser>> {
    const [user, session] = await Promise.all([this.users.find(naturalKey), this.sessions.findById(sessionId)]);
    return { user: user ?? null, session };
  }

  /** The user is known by the session, and is asked for when it has turned out to be worth it. */
  async findByHash(hash: Buffer): Promise<KeptSession<TUser> | null> {
    const session = await this.sessions.findByHash(hash);
    return session && { session };
  }
}
