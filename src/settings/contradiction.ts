import type { JwtSettings } from "./jwt-settings.js";
import type { SettingName } from "./settings-list.js";

/** A setting in the spelling it was given. */
export type NameOf = (setting: SettingName) => string;

/** A rule over several settings. It is not asked when one of them is wrong by itself. */
export interface Contradiction {
  /** The settings it looks at, the one to blame first. */
  readonly settings: readonly [SettingName, ...SettingName[]];
  /** What is wrong, to be read after the name of the setting to blame. */
  find(settings: JwtSettings, nameOf: NameOf): string | undefined;
}
