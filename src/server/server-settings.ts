import type { Contradiction } from "../settings/contradictions.js";
import { createSettings, type ResolvedSettings } from "../settings/create-settings.js";
import type { JwtSettingsInput } from "../settings/input.js";
import { ANY_ORIGIN } from "./origins.js";
import { REFRESH_PATHS } from "./paths.js";
import { readServerConfig } from "./server-config.js";

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

/** With cookies a page of any origin could act as whoever looks at it. */
const COOKIES_FOR_NAMED_ORIGINS: Contradiction = {
  settings: ["cookies"],
  find: ({ cookies }) =>
    cookies ? "must be false where CORS_ORIGINS is *: name the origins that there are" : undefined,
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
export async function readServerSettings(source: SettingsSource): Promise<ResolvedSettings> {
  const { corsOrigins } = readServerConfig(source.environment);
  const values = serverValues(source);
  const rules = [FINDABLE_USERS, ...(corsOrigins.includes(ANY_ORIGIN) ? [COOKIES_FOR_NAMED_ORIGINS] : [])];
  const resolved = await createSettings({ ...source, values, defaultProfile: SERVER_PROFILE, rules });
  const isOurs = values.refreshTokenCookiePath === REFRESH_PATHS;
  return isOurs ? { ...resolved, origins: { ...resolved.origins, refreshTokenCookiePath: "profile" } } : resolved;
}

/**
 * What the bundled server knows beside what it is told: where it answers refreshes. Hardened, the refresh token's cookie goes
 * there alone, unless somebody has said where cookies go.
 */
export function serverValues({ environment, values = {} }: Omit<SettingsSource, "secretKey">): JwtSettingsInput {
  const profile = values.profile ?? environment["JWT_PROFILE"] ?? SERVER_PROFILE;
  const isGiven =
    (values.refreshTokenCookiePath ?? values.cookiePath) !== undefined ||
    ["JWT_REFRESH_TOKEN_COOKIE_PATH", "JWT_COOKIE_PATH"].some((name) => environment[name] !== undefined);
  return isGiven || profile !== SERVER_PROFILE ? values : { ...values, refreshTokenCookiePath: REFRESH_PATHS };
}
