import type { KeyObject } from "node:crypto";

import { parseSecretKey } from "./keys.js";
import { nearestName } from "./nearest-name.js";
import { readText, readValue } from "./read-value.js";
import type { SettingDescription } from "./setting.js";
import type { SettingsProblem } from "./settings-error.js";
import { SETTINGS, type SettingName } from "./settings-list.js";

/** Where a setting's value comes from. */
export type Origin = "default" | "profile" | "environment" | "code";

/** A setting that someone wrote down. */
export interface GivenSetting {
  readonly setting: SettingDescription<SettingName>;
  readonly origin: Origin;
  /** The setting in the spelling it was given. */
  readonly name: string;
  /** Reads the final value. Throws an InvalidValue. */
  readonly read: (directory: string) => unknown;
}

/** The settings of an environment: its variables that begin with `JWT_`, and nothing else of it. */
export function givenInEnvironment(environment: Readonly<Record<string, string | undefined>>): GivenSetting[] {
  return SETTINGS.flatMap((setting) => {
    const text = environment[setting.environment];
    if (text === undefined) return [];
    const read = (directory: string) => readText(setting, text, directory);
    return [{ setting, origin: "environment" as const, name: setting.environment, read }];
  });
}

/** The settings that a caller wrote in code. Undefined is not given. */
export function givenInCode(values: Readonly<Record<string, unknown>>): GivenSetting[] {
  return SETTINGS.flatMap((setting) => {
    const value = values[setting.property];
    if (value === undefined) return [];
    const read = (directory: string) => readValue(setting, value, directory);
    return [{ setting, origin: "code" as const, name: setting.property, read }];
  });
}

/** The application's own secret, which stands in for `secretKey`. */
export function givenByApplication(secretKey: string | KeyObject | undefined): GivenSetting[] {
  if (secretKey === undefined) return [];
  const given = {
    origin: "default",
    name: "SECRET_KEY",
    read: (directory: string) => parseSecretKey(secretKey, directory),
  } as const;
  return SETTINGS.filter(({ property }) => property === "secretKey").map((setting) => ({ setting, ...given }));
}

/** The variables and properties that are no settings: what was misspelled is not to be ignored silently. */
export function unknownNames(
  environment: Readonly<Record<string, string | undefined>>,
  values: Readonly<Record<string, unknown>>,
): SettingsProblem[] {
  const variables = Object.keys(environment).filter((name) => name.startsWith("JWT_"));
  return [
    ...unknownAmong(
      variables,
      SETTINGS.map((setting) => setting.environment),
    ),
    ...unknownAmong(
      Object.keys(values),
      SETTINGS.map((setting) => setting.property),
    ),
  ];
}

function unknownAmong(names: readonly string[], known: readonly string[]): SettingsProblem[] {
  return names
    .filter((name) => !known.includes(name))
    .map((name) => ({ setting: name, problem: `is not a setting, did you mean ${nearestName(name, known)}?` }));
}
