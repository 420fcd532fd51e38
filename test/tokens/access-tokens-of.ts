import { createSettings } from "../../src/settings/create-settings.js";
import type { JwtPayload } from "../../src/settings/handlers.js";
import type { JwtSettingsInput } from "../../src/settings/input.js";
import { AccessTokens } from "../../src/tokens/access-tokens.js";
import { SECRET_KEY } from "../support/forge.js";

/** The time of these tests, in Unix seconds. */
export const NOW = 1_704_067_200;

/** Access tokens at a moment. */
export interface TokensAt {
  readonly sign: (payload: JwtPayload) => Promise<string>;
  readonly verify: (token: string) => Promise<JwtPayload>;
}

/** @param seconds the time, in Unix seconds */
export async function accessTokens(values: JwtSettingsInput = {}, seconds = NOW): Promise<TokensAt> {
  const { settings } = await createSettings({ secretKey: SECRET_KEY, values });
  const tokens = await AccessTokens.create(settings);
  const context = { settings, now: new Date(seconds * 1000), request: undefined };
  return {
    sign: async (payload) => tokens.sign(payload, context),
    verify: (token) => tokens.verify(token, context),
  };
}

/** The code and message of what a token is refused with; "accepted" for one that is not. */
export async function refusalOf(token: string, values?: JwtSettingsInput, seconds?: number): Promise<string> {
  const tokens = await accessTokens(values, seconds);
  return tokens.verify(token).then(
    () => "accepted",
    (error: unknown) => {
      const { code, message } = error as { code?: string; message: string };
      return `${code}: ${message}`;
    },
  );
}
