import type { DataSource } from "typeorm";
import type { AuthUser } from "../auth-user.js";
import type { RefreshTokenRepository } from "../sessions/refresh-token-repository.js";
import { RefreshToken } from "../sessions/refresh-token.js";
import { TypeOrmRefreshTokens } from "../sessions/typeorm-refresh-tokens.js";
import type { KeySource } from "../settings/input.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { parseSecretKey } from "../settings/keys.js";
import { SettingsError } from "../settings/settings-error.js";
import { RefreshTokenCodec } from "../tokens/refresh-token-codec.js";
import type { AuthEvents } from "./events.js";
import { RefreshTokens } from "./refresh-tokens.js";
import type { Users } from "./users.js";

/** What long-running mode adds to the auth service. */
export interface LongRunning<TUser extends AuthUser> {
  readonly refreshTokens: RefreshTokens<TUser>;
  readonly repository: RefreshTokenRepository;
}

/** What long-running mode is built from. */
export interface LongRunningParts<TUser extends AuthUser> {
  readonly settings: JwtSettings;
  readonly users: Users<TUser>;
  readonly events: AuthEvents;
  /** The application's secret key; without it the setting `secretKey` signs refresh tokens. */
  readonly secretKey: KeySource | undefined;
  readonly dataSource: DataSource | undefined;
}

/**
 * Builds long-running mode; undefined where the settings have it off.
 *
 * @throws SettingsError if the data source or the secret key is missing or does not fit
 */
export function createLongRunning<TUser extends AuthUser>(
  parts: LongRunningParts<TUser>,
): LongRunning<TUser> | undefined {
  const { settings, users, events, dataSource } = parts;
  if (!settings.longRunningRefreshToken || !settings.allowRefresh) return undefined;
  const secret = parts.secretKey === undefined ? settings.secretKey : parseSecretKey(parts.secretKey);
  const model = (settings.refreshTokenModel ?? RefreshToken) as typeof RefreshToken;
  assertUsable(dataSource, model);
  if (!secret) throw unusable("needs the option secretKey of createAuth");

  const repository = new TypeOrmRefreshTokens(dataSource, model);
  const codec = new RefreshTokenCodec(secret, settings.secretKeyFallbacks);
  return { repository, refreshTokens: new RefreshTokens({ repository, codec, model, users, events }) };
}

function assertUsable(dataSource: DataSource | undefined, model: typeof RefreshToken): asserts dataSource {
  if (!dataSource) throw unusable("needs the option dataSource of createAuth");
  if (!dataSource.isInitialized) throw unusable("needs a data source that is connected: initialize() it first");
  if (!dataSource.hasMetadata(model)) throw unusable(`needs ${model.name} among the entities of the data source`);
}

function unusable(problem: string): SettingsError {
  return new SettingsError([{ setting: "longRunningRefreshToken", problem }]);
}
