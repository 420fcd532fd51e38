import { expect } from "chai";
import { createSettings } from "../../src/settings/create-settings.js";
import { SettingsError } from "../../src/settings/settings-error.js";
import { SECRET_KEY } from "../support/forge.js";
import { REFUSED_LIMIT } from "./sections.js";

/** Asserts that the settings which sections E and K were recorded with are refused, and nothing else about them. */
export async function assertLimitRefused(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  const environment = { ...REFUSED_LIMIT, ...settings };
  const outcome: unknown = await createSettings({ environment, secretKey: SECRET_KEY }).catch(
    (error: unknown) => error,
  );
  expect(outcome).to.be.an.instanceof(SettingsError);
  expect((outcome as SettingsError).problems).to.deep.equal([
    {
      setting: "JWT_REFRESH_EXPIRATION_DELTA",
      problem: "must not be shorter than JWT_EXPIRATION_DELTA, 3600 s",
    },
  ]);
}
