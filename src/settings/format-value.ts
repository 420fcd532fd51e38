import { formatDuration } from "./durations.js";
import { holdsKeys, type SettingDescription } from "./setting.js";

/** A setting's value for people: durations with their unit, keys only as "set" or "not set". */
export function formatValue({ kind, unset }: SettingDescription, value: unknown): string {
  if (holdsKeys(kind)) return isSet(value) ? "set" : "not set";
  if (value === undefined) return unset.replaceAll("`", "");
  if (typeof value === "function") return value.name === "" ? "a function without a name" : value.name;
  if (kind === "seconds" && typeof value === "number") return formatDuration(value);
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}
