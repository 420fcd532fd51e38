import type { AuthUser } from "../auth-user.js";
import { numericDate } from "../clock.js";
import { InvalidRefreshTokenError, RefreshExpiredError, UserDisabledError } from "../errors.js";
import type { RefreshToken } from "../sessions/refresh-token.js";
import type { RefreshTokenRepository } from "../sessions/refresh-token-repository.js";
import type { RefreshTokenModel } from "../settings/handlers.js";
import type { RefreshTokenCodec } from "../tokens/refresh-token-codec.js";
import { type Call, eventContext, sessionClient } from "./call.js";
import type { AuthEvents } from "./events.js";
import type { IdentityLookup } from "./identity-lookup.js";
import { refreshHasExpired } from "./refresh-expiry.js";
import { type PresentedToken, RefreshTokenFinder } from "./refresh-token-finder.js";
import type { Found, Users } from "./users.js";

/** A session together with the refresh token that its client holds from now on. */
export interface OpenSession {
  readonly session: Pick<RefreshToken, "id" | "user">;
  readonly refreshToken: string;
  /** Unix seconds. */
  readonly refreshExpiresIn: number;
  /** From when that time counts: Unix seconds. */
  readonly refreshIssuedAt: number;
}

/** What the lifetime of a session's refresh token is told by. */
type Times = Pick<RefreshToken, "created" | "rotated">;

/** What the refresh tokens are built from. */
export interface RefreshTokensParts<TUser extends AuthUser> {
  readonly repository: RefreshTokenRepository;
  readonly identities: IdentityLookup<TUser>;
  readonly codec: RefreshTokenCodec;
  readonly model: RefreshTokenModel;
  readonly users: Users<TUser>;
  readonly events: AuthEvents;
}

/**
 * Long-running refresh tokens: one row a session, whose generation counts the rotations. The successor of a token is
 * computed, so that a repeated request gets the same one again and no second branch can exist; an older generation that
 * comes back later is a replay and ends the session (RFC 9700, section 4.14.2).
 */
export class RefreshTokens<TUser extends AuthUser> {
  private readonly finder: RefreshTokenFinder<TUser>;

  constructor(private readonly parts: RefreshTokensParts<TUser>) {
    this.finder = new RefreshTokenFinder(parts.identities, parts.codec, parts.model);
  }

  /** Opens a session for a user who has just logged in. */
  async open(naturalKey: string, call: Call): Promise<OpenSession> {
    const { codec, repository } = this.parts;
    const random = codec.generateRandom(call.settings.refreshTokenNBytes);
    const session = await repository.create({
      hash: codec.hash(random),
      user: naturalKey,
      created: call.now,
      ...sessionClient(call.request),
    });
    return this.opened(session, codec.issue(random, 0), call);
  }

  /**
   * Answers a refresh: with the successor when tokens rotate and the client will receive it, otherwise with the same
   * token. The user is looked at each time, also within the grace period.
   *
   * @throws InvalidRefreshTokenError, RefreshExpiredError, UserDisabledError as the client is to be told
   */
  async refresh(token: string, call: Call, wanted: { successor: boolean }): Promise<OpenSession & { user: TUser }> {
    const presented = await this.finder.find(token, call);
    const expired = hasExpired(presented.session, call);
    if (typeof expired === "boolean" ? expired : await expired)
      throw new RefreshExpiredError("Refresh token is expired");
    if (isReplayed(presented, call)) return this.refuseReplayed(presented, call);
    const { session, user: found } = presented;
    const user = found === undefined ? await this.parts.users.find(session.user) : found;
    assertMayGoOn(user, session);
    if (call.settings.reuseRefreshTokens && wanted.successor) {
      return { user, ...(await this.successor(presented, call)) };
    }
    await this.parts.repository.touch(session, call.now, sessionClient(call.request));
    return { user, ...this.opened(session, token, call) };
  }

  /** Ends the session of a refresh token, expired or not. @throws InvalidRefreshTokenError if it is not a live one */
  async revoke(token: string, call: Call): Promise<void> {
    const presented = await this.finder.find(token, call);
    if (isReplayed(presented, call)) return this.refuseReplayed(presented, call);
    if (!(await this.end(presented.session, call))) throw new InvalidRefreshTokenError();
  }

  /** Ends a session. False if that has happened already. */
  async end({ id, user }: OpenSession["session"], call: Call, { replayed } = { replayed: false }): Promise<boolean> {
    const ended = await this.parts.repository.revoke(id, call.now);
    if (ended) this.parts.events.emit("refreshTokenRevoked", { user, session: id, replayed }, eventContext(call));
    return ended;
  }

  private async successor(presented: PresentedToken<TUser>, call: Call): Promise<OpenSession> {
    const { session, parts: known } = presented;
    if (!known) return this.exchangeForeign(session, call);
    const { codec, repository, events } = this.parts;
    if (known.generation === session.generation) {
      const { userAgent, address } = session;
      const asFound = { hash: known.hash, generation: known.generation, userAgent, address };
      const won = await repository.rotate(asFound, call.now, sessionClient(call.request));
      if (!won) return this.afterLostRace(presented, call);
      events.emit("refreshTokenRotated", { user: session.user, session: session.id }, eventContext(call));
    }
    // Won, or within the grace period: either way the successor is the generation after the one presented.
    const { id, user, created } = session;
    const rotated = known.generation === session.generation ? call.now : session.rotated;
    return this.opened({ id, user, created, rotated }, codec.issue(known.random, known.generation + 1), call);
  }

  /**
   * Another request rotated the same token between our look and our UPDATE. Its successor is ours too if the grace
   * period allows. Without one the loser is refused, but a race is no evidence of theft: the session goes on.
   */
  private async afterLostRace(presented: PresentedToken<TUser>, call: Call): Promise<OpenSession> {
    const session = await this.parts.repository.findByHash(presented.session.hash);
    if (!session || session.revoked || !isWithinGrace(presented, session, call)) throw new InvalidRefreshTokenError();
    return this.successor({ ...presented, session }, call);
  }

  /**
   * A token that only `getRefreshTokenHandler` understands has no computable successor: its session is replaced by one of ours,
   * which is there first. Whoever ends all sessions of the user meanwhile ends that one too, or the other before us.
   */
  private async exchangeForeign(session: RefreshToken, call: Call): Promise<OpenSession> {
    const opened = await this.open(session.user, call);
    if (await this.end(session, call)) return opened;
    await this.end(opened.session, call);
    throw new InvalidRefreshTokenError();
  }

  private opened(session: OpenSession["session"] & Times, refreshToken: string, call: Call): OpenSession {
    return {
      session,
      refreshToken,
      refreshExpiresIn: expiryOf(session, call),
      refreshIssuedAt: lifetimeStart(session, call),
    };
  }

  /** Only this session ends, or anyone with an old token could log a user out everywhere. */
  private async refuseReplayed({ session, parts: known }: PresentedToken<TUser>, call: Call): Promise<never> {
    // A generation that the row has not reached was signed by us before the database was restored: refused, no theft.
    const isCopy = known !== null && known.generation < session.generation;
    if (isCopy && (await this.end(session, call, { replayed: true }))) {
      this.parts.events.emit("refreshTokenReplayed", { user: session.user, session: session.id }, eventContext(call));
    }
    throw new InvalidRefreshTokenError();
  }
}

/** Looked at each time, also within the grace period. @throws InvalidRefreshTokenError, UserDisabledError */
function assertMayGoOn<TUser extends AuthUser>(user: Found<TUser>, { created }: RefreshToken): asserts user is TUser {
  if (!user) throw new InvalidRefreshTokenError();
  if (!user.isActive) throw new UserDisabledError();
  if (user.tokensValidAfter && created < user.tokensValidAfter) throw new InvalidRefreshTokenError();
}

/** Whether the session of a refresh token is too old for another one; a promise where a handler says it. */
function hasExpired(session: RefreshToken, call: Call): boolean | Promise<boolean> {
  const { refreshAbsoluteLifetime = Infinity } = call.settings;
  const tooOld = numericDate(call.now) > numericDate(session.created) + refreshAbsoluteLifetime;
  return tooOld || refreshHasExpired(lifetimeStart(session, call), call);
}

/** Whether a token has been replaced by another one that its client must have. */
function isReplayed(presented: PresentedToken<AuthUser>, call: Call): boolean {
  const { session, parts: known } = presented;
  return known !== null && known.generation !== session.generation && !isWithinGrace(presented, session, call);
}

/**
 * Whether the presented token is the one that the session's latest rotation replaced, a moment ago. A period of 0 has no
 * such moment, not even where the clock is behind that of the server which rotated.
 */
function isWithinGrace({ parts }: PresentedToken<AuthUser>, session: RefreshToken, { settings, now }: Call): boolean {
  const period = settings.refreshGracePeriod * 1000;
  const age = now.getTime() - session.rotated.getTime();
  return parts?.generation === session.generation - 1 && period > 0 && age < period;
}

/** Until when the refresh token of a session can be exchanged: Unix seconds. */
export function expiryOf(session: Times, call: Call): number {
  const { refreshExpirationDelta, refreshAbsoluteLifetime = Infinity } = call.settings;
  return Math.min(
    lifetimeStart(session, call) + refreshExpirationDelta,
    numericDate(session.created) + refreshAbsoluteLifetime,
  );
}

/** From when a refresh token's lifetime counts, Unix seconds: the last rotation when tokens rotate, else the creation. */
function lifetimeStart(session: Times, { settings }: Call): number {
  return numericDate(settings.reuseRefreshTokens ? session.rotated : session.created);
}
