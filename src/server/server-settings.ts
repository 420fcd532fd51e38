import type { Contradiction } from "../settings/contradictions.js";
import { createSettings, type ResolvedSettings } from "../settings/create-settings.js";
import type { JwtSettingsInput } from "../settings/input.js";

/** The profile of the bundled server where the environment names none. */
export const SERVER_PROFILE = "hardened";

/** What the users of the bundled server can be found by. */
const USERNAME_FIELDS = ["username", "email"];

const FINDABLE_USERS: Contradiction = {
  settings: ["usernameField", "getUserByNaturalKeyHandler"],
  find: ({ usernameField, getUserByNaturalKeyHandler }) =>
    getUserByNaturalKeyHandler || USERNAME_FIELDS.includes(usernameField)
      ? undefined
      : `must be ${USERNAME_FIELDS.join(" or ")}: this server's users have no ${usernameField}`,
};

/** What the bundled server takes its settings from. */
export interface SettingsSource {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Settings given in code. */
  readonly values?: JwtSettingsInput;
  /** The application's secret key; undefined where `JWT_SECRET_KEY` stands in for it. */
  readonly secretKey: string | undefined;
}

/** The settings of the bundled server. @throws SettingsError with everything that is wrong with them */
export function readServerSettings(source: SettingsSource): Promise<ResolvedSettings> {
  return createSettings({ ...source, defaultProfile: SERVER_PROFILE, rules: [FINDABLE_USERS] });
}
