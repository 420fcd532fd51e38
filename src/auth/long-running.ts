import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import type { DataSource } from "typeorm";
import type { AuthUser } from "../auth-user.js";
import type { RefreshTokenRepository } from "../sessions/refresh-token-repository.js";
import { RefreshToken } from "../sessions/refresh-token.js";
import { TypeOrmRefreshTokens } from "../sessions/typeorm-refresh-tokens.js";
import type { NameOf } from "../settings/contradiction.js";
import type { KeySource } from "../settings/input.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { parseSecretKey } from "../settings/keys.js";
import { RefreshTokenCodec } from "../tokens/refresh-token-codec.js";
import type { AuthEvents } from "./events.js";
import { type IdentityLookup, ParallelLookup } from "./identity-lookup.js";
import { RefreshTokens } from "./refresh-tokens.js";
import { sessionDataSource } from "./session-data-source.js";
import type { Users } from "./users.js";

/** What long-running mode adds to the auth service. */
export interface LongRunning<TUser extends AuthUser> {
  readonly refreshTokens: RefreshTokens<TUser>;
  readonly repository: RefreshTokenRepository;
  readonly identities: IdentityLookup<TUser>;
}

/** Whether long-running mode is on: logging in opens a session with a refresh token. */
export function issuesRefreshTokens({ longRunningRefreshToken, allowRefresh }: JwtSettings): boolean {
  return longRunningRefreshToken && allowRefresh;
}

/** What long-running mode is built from. */
export interface LongRunningParts<TUser extends AuthUser> {
  readonly settings: JwtSettings;
  readonly users: Users<TUser>;
  readonly events: AuthEvents;
  /** The application's secret key; without it the setting `secretKey` signs refresh tokens. A process that only verifies needs none. */
  readonly secretKey: KeySource | undefined;
  readonly dataSource: DataSource | undefined;
  /** By default users and sessions are asked for side by side. */
  readonly identities: IdentityLookup<TUser> | undefined;
  /** How each setting was spelled. */
  readonly nameOf: NameOf;
}

/**
 * Builds long-running mode; undefined where the settings have it off.
 *
 * @throws SettingsError if the data source is missing or does not fit; ServiceUnavailableError if it cannot be asked
 */
export async function createLongRunning<TUser extends AuthUser>(
  parts: LongRunningParts<TUser>,
): Promise<LongRunning<TUser> | undefined> {
  const { settings, users, events, nameOf } = parts;
  if (!issuesRefreshTokens(settings)) return undefined;
  const secret = parts.secretKey === undefined ? settings.secretKey : parseSecretKey(parts.secretKey);
  const model = (settings.refreshTokenModel ?? RefreshToken) as typeof RefreshToken;
  const dataSource = await sessionDataSource(parts.dataSource, model, nameOf);

  const repository = new TypeOrmRefreshTokens(dataSource, model);
  const codec = new RefreshTokenCodec(secret ?? nobodysKey(), settings.secretKeyFallbacks);
  // A handler of one's own may know other users than those that the given lookup finds.
  const given = settings.getUserByNaturalKeyHandler ? undefined : parts.identities;
  const identities = given ?? new ParallelLookup(users, repository);
  const refreshTokens = new RefreshTokens({ repository, identities, codec, model, users, events });
  return { repository, refreshTokens, identities };
}

/** Where there is none, the settings have seen to it that tokens are only verified: whatever refresh token comes is not ours. */
function nobodysKey(): KeyObject {
  return createSecretKey(randomBytes(32));
}
