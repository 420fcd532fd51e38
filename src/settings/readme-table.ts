import { formatValue } from "./format-value.js";
import { PROFILE_DEFAULTS } from "./profiles.js";
import type { SettingDescription } from "./setting.js";
import { DOCUMENTED_DEFAULTS, SETTINGS, type SettingName } from "./settings-list.js";

const HEADER = ["Property", "Environment", "Documented default", "Hardened", "Meaning"];

/** The settings as a table in Markdown, for the README. */
export function settingsTable(): string {
  const rows = [HEADER, HEADER.map(() => "---"), ...SETTINGS.map(row)];
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function row(setting: SettingDescription<SettingName>): string[] {
  const { property, environment, meaning } = setting;
  const { hardened } = PROFILE_DEFAULTS;
  const documentedDefault = cell(setting, DOCUMENTED_DEFAULTS[property]);
  const hardenedDefault = Object.hasOwn(hardened, property) ? cell(setting, hardened[property]) : "same";
  return [`\`${property}\``, `\`${environment}\``, documentedDefault, hardenedDefault, meaning];
}

/** A value stands as code; what the built-in default does, in its own words. */
function cell(setting: SettingDescription, value: unknown): string {
  const isEmpty = value === undefined || (Array.isArray(value) && value.length === 0);
  return isEmpty ? setting.unset : `\`${formatValue(setting, value)}\``;
}
