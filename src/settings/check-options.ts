import { isRecord } from "../is-record.js";
import { PROFILE_DEFAULTS } from "./profiles.js";
import { SettingsError, type SettingsProblem } from "./settings-error.js";
import { shapeOf, shapeOfSecret } from "./value-shape.js";

/** The options of `createAuth` without which nothing can be read. They may come from JavaScript, as anything. */
export interface UncheckedOptions {
  readonly users?: unknown;
  readonly secretKey?: unknown;
  readonly settings?: unknown;
  readonly defaultProfile?: unknown;
}

/** @throws SettingsError with every one that is of no use */
export function checkOptions({ users, secretKey, settings, defaultProfile }: UncheckedOptions): void {
  const problems: SettingsProblem[] = [];
  const refuse = (setting: string, problem: string) => void problems.push({ setting, problem });
  const isText = (value: unknown): value is string => typeof value === "string";

  if (!isDirectory(users)) refuse("users", "must be a user directory, with findByNaturalKey and checkPassword");
  if (secretKey !== undefined && !isText(secretKey) && !isRecord(secretKey))
    refuse("secretKey", `must be text or a KeyObject, but is ${shapeOfSecret(secretKey)}`);
  if (settings !== undefined && !isRecord(settings))
    refuse("settings", `must be an object, but is ${shapeOf(settings)}`);
  if (defaultProfile !== undefined && !(isText(defaultProfile) && Object.hasOwn(PROFILE_DEFAULTS, defaultProfile)))
    refuse("defaultProfile", `must be one of ${Object.keys(PROFILE_DEFAULTS).join(", ")}`);

  if (problems.length > 0) throw new SettingsError(problems);
}

function isDirectory(users: unknown): boolean {
  return isRecord(users) && ["findByNaturalKey", "checkPassword"].every((name) => typeof users[name] === "function");
}
