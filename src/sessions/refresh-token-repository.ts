import type { RefreshToken } from "./refresh-token.js";

/** What is known of the client that opens or uses a session. */
export interface SessionClient {
  /** The `User-Agent` header, cut to 255 characters by the repository. */
  readonly userAgent: string | null;
  /** The address of the client, cut to 64 characters by the repository. */
  readonly address: string | null;
}

/** What a new session starts with. */
export interface NewSession extends SessionClient {
  /** SHA-256 of the random part of the refresh token: 32 bytes. */
  readonly hash: Buffer;
  /** The natural key of the user. */
  readonly user: string;
  /** When it is created, by the server process's clock. */
  readonly created: Date;
}

/** The session that is to be rotated, as far as the caller has seen it. */
export type RotatedSession = Pick<RefreshToken, "hash" | "generation"> & Partial<SessionClient>;

/** A session that was used, as far as the caller has seen it. */
export type UsedSession = Pick<RefreshToken, "id"> & Partial<SessionClient>;

/** Which sessions `deleteEnded` may delete. A session that matches none of them stays. */
export interface EndedSessions {
  /** Delete sessions whose last rotation (their creation, when refresh tokens are reused) is before this moment. */
  readonly lastRotatedBefore?: Date;
  /** Delete sessions that were created before this moment. */
  readonly createdBefore?: Date;
}

/** How far `deleteEnded` has come. Plain data; it stays valid whatever others delete meanwhile. */
export interface EndedPosition {
  readonly walk: number;
  readonly last: { readonly at: Date; readonly id: string } | null;
}

/** What one call of `deleteEnded` has done. */
export interface EndedBatch {
  readonly deleted: number;
  /** Where to go on; null when there is nothing left to look at. */
  readonly next: EndedPosition | null;
}

/**
 * Where sessions are kept: one row a session, one UPDATE a rotation. Neither a refresh token nor its hash is stored,
 * only the hash of the random part that the token shares with all its successors.
 *
 * Users are compared exactly: `Ada` is another one than `ada`, and so is `ada` with a space behind it.
 *
 * Every method is atomic by itself; none needs a transaction around it. A rejected promise means that the database
 * cannot answer (`ServiceUnavailableError` where trying again may help).
 */
export interface RefreshTokenRepository {
  /** Inserts a session in generation 0, `rotated` and `lastUsed` at `created`. */
  create(session: NewSession): Promise<RefreshToken>;

  /** The session whose random part has this hash, or null. */
  findByHash(hash: Buffer): Promise<RefreshToken | null>;

  /** The session with this public id, or null. */
  findById(id: string): Promise<RefreshToken | null>;

  /**
   * Moves a session from `generation` to the next, in one UPDATE. True for exactly one of any number of callers that
   * name the same generation, on any number of servers; false if the session is revoked, gone or in another generation.
   *
   * @param session by its hash, in the generation to move it from; what is known of the client that used it last need not
   *   be written again
   */
  rotate(session: RotatedSession, at: Date, client: SessionClient): Promise<boolean>;

  /**
   * Notes that a session was used, without rotating it. Nothing happens to a revoked session.
   *
   * @param session by its id; what is known of the client that used it last need not be written again
   */
  touch(session: UsedSession, at: Date, client: SessionClient): Promise<void>;

  /**
   * Ends a session. True for exactly one of any number of callers, false if it was revoked already or is gone.
   *
   * @param user ends it only if it is this user's
   */
  revoke(id: string, at: Date, user?: string): Promise<boolean>;

  /** Ends all sessions of a user, but for one if `exceptId` is given. Answers how many this call ended. */
  revokeAll(user: string, at: Date, exceptId?: string): Promise<number>;

  /** The sessions of a user that are not revoked, the latest used first, at most `limit`. */
  findUnrevoked(user: string, limit: number): Promise<RefreshToken[]>;

  /**
   * Looks at no more than `limit` sessions and deletes those that are revoked, or ended as `ended` says. Call it again
   * with what it answers as `next`, until that is null.
   */
  deleteEnded(ended: EndedSessions, limit: number, after?: EndedPosition): Promise<EndedBatch>;

  /** How many rows `deleteEnded` would delete in all. */
  countEnded(ended: EndedSessions): Promise<number>;
}
