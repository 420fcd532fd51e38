import type { DataSource, EntityMetadata } from "typeorm";
import { BACKSLASHES_IGNORED, ignoresBackslashes } from "../database/backslash-escapes.js";
import { withDatabase } from "../database/retry.js";
import { RefreshToken } from "../sessions/refresh-token.js";
import type { NameOf } from "../settings/contradiction.js";
import { SettingsError } from "../settings/settings-error.js";

/**
 * The data source, if sessions of this model can be kept in it.
 *
 * @param nameOf how each setting was spelled
 * @throws SettingsError that names the setting and what it needs; ServiceUnavailableError if the database cannot be asked
 */
export async function sessionDataSource(
  dataSource: DataSource | undefined,
  model: typeof RefreshToken,
  nameOf: NameOf,
): Promise<DataSource> {
  const mode = nameOf("longRunningRefreshToken");
  const ofModel = nameOf("refreshTokenModel");
  if (!dataSource) throw unusable(mode, "needs the option dataSource of createAuth");
  if (!dataSource.isInitialized) throw unusable(mode, "needs a data source that is connected: initialize() it first");
  assertExtended(model, ofModel);
  if (!dataSource.hasMetadata(model)) throw noEntity(model, mode, ofModel);
  assertNoSoftDeletion(dataSource.getMetadata(model), ofModel);
  await assertEscapes(dataSource, mode);
  return dataSource;
}

function assertExtended(model: typeof RefreshToken, setting: string): void {
  if (model === RefreshToken || model.prototype instanceof RefreshToken) return;
  throw unusable(setting, `is the class ${model.name}, which does not extend RefreshToken`);
}

function noEntity(model: typeof RefreshToken, mode: string, ofModel: string): SettingsError {
  return model === RefreshToken
    ? unusable(mode, "needs RefreshToken among the entities of the data source")
    : unusable(ofModel, `is the class ${model.name}, which is no entity of the data source`);
}

/** Sessions are looked up without TypeORM's query builder: one that was soft-deleted would live on. */
function assertNoSoftDeletion({ name, deleteDateColumn: column }: EntityMetadata, setting: string): void {
  if (!column) return;
  const what = `is the class ${name}, which has the column ${column.propertyName} for soft deletion`;
  throw unusable(setting, `${what}: a session ends when "revoked" is set, or its row deleted`);
}

async function assertEscapes(dataSource: DataSource, setting: string): Promise<void> {
  const areIgnored = await withDatabase(() => ignoresBackslashes(dataSource), { mayRunTwice: true });
  if (areIgnored) throw unusable(setting, `needs ${BACKSLASHES_IGNORED}`);
}

function unusable(setting: string, problem: string): SettingsError {
  return new SettingsError([{ setting, problem }]);
}
