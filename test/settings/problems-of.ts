import { expect } from "chai";

import { createSettings, type SettingsSources } from "../../src/settings/create-settings.js";
import { SettingsError } from "../../src/settings/settings-error.js";

/** A secret as long as the longest hash, so that nothing is wrong or weak because of it. */
export const SECRET = "0123456789abcdef".repeat(4);

/** The problems, one a line, that these sources are refused with. The application has a good secret. */
export async function problemsOf(sources: SettingsSources): Promise<string[]> {
  const error = await createSettings({ secretKey: SECRET, nodeEnv: "test", ...sources }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SettingsError)) expect.fail(`not refused with a SettingsError: ${String(error)}`);
  return error.message.split("\n").slice(1);
}
