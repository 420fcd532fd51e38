import { createSettings } from "../settings/create-settings.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { SettingsError } from "../settings/settings-error.js";

/** The profile of the bundled server where the environment names none. */
export const SERVER_PROFILE = "hardened";

/** What the users of the bundled server can be found by. */
const USERNAME_FIELDS = ["username", "email"];

/** What the bundled server takes its settings from. */
export interface SettingsSource {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The application's secret key; undefined where `JWT_SECRET_KEY` stands in for it. */
  readonly secretKey: string | undefined;
}

/** The settings of the bundled server. @throws SettingsError with everything that is wrong with them */
export async function readServerSettings({ environment, secretKey }: SettingsSource): Promise<Readonly<JwtSettings>> {
  const { settings } = await createSettings({ environment, secretKey, defaultProfile: SERVER_PROFILE });
  const { usernameField, getUserByNaturalKeyHandler } = settings;
  if (!getUserByNaturalKeyHandler && !USERNAME_FIELDS.includes(usernameField)) {
    const problem = `must be ${USERNAME_FIELDS.join(" or ")}: this server's users have no ${usernameField}`;
    throw new SettingsError([{ setting: "JWT_USERNAME_FIELD", problem }]);
  }
  return settings;
}
