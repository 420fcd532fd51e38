import { formatDuration } from "./durations.js";
import { holdsKeys, type SettingDescription } from "./setting.js";

/** What would end a line, or command a terminal. */
const CONTROL = /\p{Cc}/u;

/** A setting's value for people: durations with their unit, keys only as "set" or "not set". */
export function formatValue(setting: SettingDescription, value: unknown): string {
  const { kind, unset } = setting;
  const shown = shownValue(setting, value);
  if (holdsKeys(kind)) return shown === null ? "not set" : "set";
  if (shown === null || (Array.isArray(shown) && shown.length === 0)) return unset.replaceAll("`", "");
  if (kind === "seconds" && typeof shown === "number") return formatDuration(shown);
  if (Array.isArray(shown) && !shown.some((item) => CONTROL.test(String(item)))) return shown.join(", ");
  return typeof shown === "string" && !CONTROL.test(shown) ? shown : JSON.stringify(shown);
}

/** What may be shown of a setting's value, for JSON: functions by their name, keys only as "set"; null for none. */
export function shownValue({ kind }: SettingDescription, value: unknown): unknown {
  if (holdsKeys(kind)) return isSet(value) ? "set" : null;
  if (typeof value === "function") return value.name === "" ? "a function without a name" : value.name;
  return value ?? null;
}

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}
