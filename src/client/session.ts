import type { TokenPayload } from "../trpc/auth-router-types.js";
import type { Issued } from "./auth-api.js";

/** An access token is refreshed so long before it expires, milliseconds; or after nine tenths of its life. */
const LARGEST_MARGIN = 30_000;

/** Who is logged in: what an application may show. No token is in it. */
export interface Session<User> {
  /** As it was at login; null where the API or a refresh by cookie alone did not tell. */
  readonly user: User | null;
  /** Of the current access token. */
  readonly payload: TokenPayload;
  /** Until when the session can be refreshed: Unix seconds by the server's clock. */
  readonly refreshExpiresIn?: number | undefined;
}

/** What a store keeps: JSON. */
export interface StoredSession {
  readonly session: Session<unknown>;
  /** Missing where tokens are in cookies. */
  readonly token?: string | undefined;
  /** Missing where tokens are in cookies, and in single-token mode. */
  readonly refreshToken?: string | undefined;
  /** How long an access token lives, seconds. */
  readonly lifetime?: number | undefined;
  /** When the access token expires: milliseconds since 1970 by this device's clock. */
  readonly expiresAt?: number | undefined;
}

/**
 * A session as it is kept. The server's stamps are compared with each other only, and the time that passes is measured
 * on this device: a clock that is wrong by hours makes no difference.
 *
 * @param sentAt when the request left, milliseconds by this device's clock: the token is not older than that
 */
export function toStored(issued: Issued, sentAt: number, before: StoredSession | null): StoredSession {
  const lifetime = lifetimeOf(issued.payload, before);
  return {
    session: {
      user: issued.user ?? before?.session.user ?? null,
      payload: issued.payload,
      refreshExpiresIn: issued.refreshExpiresIn,
    },
    token: issued.token,
    refreshToken: issued.refreshToken ?? before?.refreshToken,
    lifetime,
    expiresAt: lifetime === undefined ? undefined : sentAt + lifetime * 1000,
  };
}

/** A refresh in single-token mode keeps `origIat` (the time of the login), so that the lifetime is the one known from there. */
function lifetimeOf(payload: TokenPayload, before: StoredSession | null): number | undefined {
  const issuedAt = issuedAtOf(payload);
  if (before && issuedAtOf(before.session.payload) === issuedAt) return before.lifetime;
  return payload.exp === undefined || issuedAt === undefined ? undefined : payload.exp - issuedAt;
}

/** A `payloadHandler` of a host may write the registered claim (RFC 7519, section 4.1.6). */
function issuedAtOf({ iat, origIat }: TokenPayload & { iat?: number }): number | undefined {
  return iat ?? origIat;
}

/** When the access token is to be refreshed, as `expiresAt`. One that does not say when it expires is used until it is refused. */
export function dueAt({ lifetime, expiresAt }: StoredSession): number {
  if (lifetime === undefined || expiresAt === undefined) return Infinity;
  return expiresAt - Math.min(LARGEST_MARGIN, lifetime * 100);
}

/** Whether the access token is about to expire. */
export function isDue(stored: StoredSession, now: number): boolean {
  return now >= dueAt(stored);
}

/** Whether two are the same login with the same tokens. */
export function isSame(one: StoredSession | null, other: StoredSession | null): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** Whether two are of the same user, as far as they tell: what one asked for is not to be done as another. */
export function isOfSameUser({ session: one }: StoredSession, { session: other }: StoredSession): boolean {
  if (one.payload.sid !== undefined && one.payload.sid === other.payload.sid) return true;
  return one.payload.username === other.payload.username && idOf(one) === idOf(other);
}

function idOf({ user }: Session<unknown>): unknown {
  return (user as { id?: unknown } | null)?.id;
}
