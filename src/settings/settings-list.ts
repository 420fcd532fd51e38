import { JwtSettings } from "./jwt-settings.js";
import { registeredSettings, type SettingDescription } from "./setting.js";

/** The name of a setting as a property. */
export type SettingName = keyof JwtSettings;

/** The documented defaults. */
export const DOCUMENTED_DEFAULTS: JwtSettings = Object.freeze(new JwtSettings());

/** Every setting, in the order of the class. */
export const SETTINGS = registeredSettings(JwtSettings.prototype).filter(isJwtSetting);

function isJwtSetting(setting: SettingDescription): setting is SettingDescription<SettingName> {
  return Object.hasOwn(DOCUMENTED_DEFAULTS, setting.property);
}
