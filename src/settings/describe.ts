import type { ResolvedSettings } from "./create-settings.js";
import { formatValue, shownValue } from "./format-value.js";
import type { Origin } from "./given-settings.js";
import { SETTINGS, type SettingName } from "./settings-list.js";

/** One setting, to be shown to an operator. */
export interface SettingRow {
  readonly setting: SettingName;
  /** Its environment variable. */
  readonly environment: string;
  /** Its value for programs: durations in seconds, handlers by their name, keys only as `"set"`; null where there is none. */
  readonly value: unknown;
  /** Its value for people. */
  readonly text: string;
  readonly origin: Origin;
}

/** What the settings of a program are and where they come from, in the order of the class. Shows no secret. */
export function describeSettings({ settings, origins }: Pick<ResolvedSettings, "settings" | "origins">): SettingRow[] {
  return SETTINGS.map((setting) => ({
    setting: setting.property,
    environment: setting.environment,
    value: shownValue(setting, settings[setting.property]),
    text: formatValue(setting, settings[setting.property]),
    origin: origins[setting.property],
  }));
}
