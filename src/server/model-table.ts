import type { DataSource } from "typeorm";
import type { NameOf } from "../settings/contradiction.js";
import type { RefreshTokenModel } from "../settings/handlers.js";
import { SettingsError } from "../settings/settings-error.js";

/**
 * Looks for the table of a model of the operator's own, which none of our migrations makes: without it the server would
 * start, and every login fail.
 *
 * @throws SettingsError
 */
export async function assertTableExists(
  dataSource: DataSource,
  model: RefreshTokenModel,
  nameOf: NameOf,
): Promise<void> {
  const { tablePath } = dataSource.getMetadata(model);
  const queryRunner = dataSource.createQueryRunner();
  try {
    if (await queryRunner.hasTable(tablePath)) return;
  } finally {
    await queryRunner.release();
  }
  const problem = `has no table ${tablePath} in the database: run the migration that makes it first`;
  throw new SettingsError([{ setting: nameOf("refreshTokenModel"), problem }]);
}
