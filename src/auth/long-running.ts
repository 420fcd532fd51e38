import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import type { DataSource, EntityMetadata } from "typeorm";
import type { AuthUser } from "../auth-user.js";
import { BACKSLASHES_IGNORED, ignoresBackslashes } from "../database/backslash-escapes.js";
import { withDatabase } from "../database/retry.js";
import type { RefreshTokenRepository } from "../sessions/refresh-token-repository.js";
import { RefreshToken } from "../sessions/refresh-token.js";
import { TypeOrmRefreshTokens } from "../sessions/typeorm-refresh-tokens.js";
import type { NameOf } from "../settings/contradiction.js";
import type { KeySource } from "../settings/input.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { parseSecretKey } from "../settings/keys.js";
import { SettingsError } from "../settings/settings-error.js";
import { RefreshTokenCodec } from "../tokens/refresh-token-codec.js";
import type { AuthEvents } from "./events.js";
import { type IdentityLookup, ParallelLookup } from "./identity-lookup.js";
import { RefreshTokens } from "./refresh-tokens.js";
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
  const { settings, users, events, dataSource, nameOf } = parts;
  if (!issuesRefreshTokens(settings)) return undefined;
  const secret = parts.secretKey === undefined ? settings.secretKey : parseSecretKey(parts.secretKey);
  const model = (settings.refreshTokenModel ?? RefreshToken) as typeof RefreshToken;
  assertUsable(dataSource, model, nameOf);
  assertNoSoftDeletion(dataSource.getMetadata(model), nameOf);
  await assertEscapes(dataSource, nameOf);

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

function assertUsable(
  dataSource: DataSource | undefined,
  model: typeof RefreshToken,
  nameOf: NameOf,
): asserts dataSource {
  const [mode, ofModel] = [nameOf("longRunningRefreshToken"), nameOf("refreshTokenModel")];
  if (!dataSource) throw unusable(mode, "needs the option dataSource of createAuth");
  if (!dataSource.isInitialized) throw unusable(mode, "needs a data source that is connected: initialize() it first");
  if (model !== RefreshToken && !(model.prototype instanceof RefreshToken)) {
    throw unusable(ofModel, `is the class ${model.name}, which does not extend RefreshToken`);
  }
  if (dataSource.hasMetadata(model)) return;
  if (model === RefreshToken) throw unusable(mode, "needs RefreshToken among the entities of the data source");
  throw unusable(ofModel, `is the class ${model.name}, which is no entity of the data source`);
}

/** Sessions are looked up without TypeORM's query builder: one that was soft-deleted would live on. */
function assertNoSoftDeletion({ name, deleteDateColumn: column }: EntityMetadata, nameOf: NameOf): void {
  if (!column) return;
  const what = `is the class ${name}, which has the column ${column.propertyName} for soft deletion`;
  throw unusable(nameOf("refreshTokenModel"), `${what}: a session ends when "revoked" is set, or its row deleted`);
}

async function assertEscapes(dataSource: DataSource, nameOf: NameOf): Promise<void> {
  const areIgnored = await withDatabase(() => ignoresBackslashes(dataSource), { mayRunTwice: true });
  if (areIgnored) throw unusable(nameOf("longRunningRefreshToken"), `needs ${BACKSLASHES_IGNORED}`);
}

function unusable(setting: string, problem: string): SettingsError {
  return new SettingsError([{ setting, problem }]);
}
