import { createPublicKey, type KeyObject } from "node:crypto";

import { type Contradiction, CONTRADICTIONS, type NameOf } from "./contradictions.js";
import { findProblems, productionProblems } from "./find-problems.js";
import { givenByApplication, givenInCode, givenInEnvironment, unknownNames } from "./given-settings.js";
import type { GivenSetting, Origin } from "./given-settings.js";
import type { JwtSettingsInput } from "./input.js";
import { InvalidValue } from "./invalid-value.js";
import { JwtSettings, type Profile } from "./jwt-settings.js";
import { PROFILE_DEFAULTS } from "./profiles.js";
import { SettingsError } from "./settings-error.js";
import { SETTINGS, type SettingName } from "./settings-list.js";
import { weaknesses } from "./weaknesses.js";

/** Where settings come from. Code wins over the environment, the environment over the profile's defaults. */
export interface SettingsSources {
  /** Only variables that begin with `JWT_` are looked at, and `NODE_ENV`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  readonly values?: JwtSettingsInput | undefined;
  /** The application's `SECRET_KEY`, the default of `secretKey`. */
  readonly secretKey?: string | KeyObject | undefined;
  /** The profile where neither the environment nor the code names one. Default: documented. */
  readonly defaultProfile?: Profile | undefined;
  /** What relative paths of keys and handlers start from. Default: the working directory. */
  readonly directory?: string | undefined;
  /** What the settings can be wrong together about in this program, beside what they can in every one. */
  readonly rules?: readonly Contradiction[] | undefined;
  /** `verify: false` is refused in `production`. Default: the environment's `NODE_ENV`, then that of the process. */
  readonly nodeEnv?: string | undefined;
}

/** The settings of a program. */
export interface ResolvedSettings {
  /** Validated and frozen. */
  readonly settings: Readonly<JwtSettings>;
  /** One sentence for each setting that weakens security. */
  readonly warnings: readonly string[];
  /** Where each setting's value comes from. */
  readonly origins: Readonly<Record<SettingName, Origin>>;
  /** How each setting was spelled, for what is found out later. */
  readonly nameOf: NameOf;
}

/**
 * Reads, validates and freezes the settings. Files and handlers that they name are loaded now.
 *
 * @throws SettingsError with everything that is wrong with them.
 */
export async function createSettings(sources: SettingsSources = {}): Promise<ResolvedSettings> {
  const { environment = {}, values = {}, directory = process.cwd(), defaultProfile = "documented" } = sources;
  const nodeEnv = sources.nodeEnv ?? environment["NODE_ENV"] ?? process.env["NODE_ENV"];

  const given = new Map(allGiven(sources).map((one) => [one.setting.property, one]));
  const nameOf: NameOf = (setting) => given.get(setting)?.name ?? setting;
  const { readable, unreadable } = await readAll(given.values(), directory);
  const profile = profileOf(readable.get("profile"), defaultProfile);
  const settings = Object.assign(new JwtSettings(), PROFILE_DEFAULTS[profile], Object.fromEntries(readable));

  const problems = [
    ...unknownNames(environment, values),
    ...findProblems(settings, unreadable, nameOf, [...CONTRADICTIONS, ...(sources.rules ?? [])]),
    ...(nodeEnv === "production" ? productionProblems(settings, nameOf) : []),
  ];
  if (problems.length > 0) throw new SettingsError(problems);

  return {
    settings: complete(settings),
    warnings: weaknesses(settings, nameOf),
    origins: originsOf(given, profile),
    nameOf,
  };
}

/** Later ones win. */
function allGiven({ environment = {}, values = {}, secretKey }: SettingsSources): GivenSetting[] {
  return [...givenByApplication(secretKey), ...givenInEnvironment(environment), ...givenInCode(values)];
}

async function readAll(given: Iterable<GivenSetting>, directory: string) {
  const readable = new Map<SettingName, unknown>();
  const unreadable = new Map<SettingName, string>();
  for (const { setting, read } of given) {
    try {
      // One after the other, so that modules are always imported in the same order.
      readable.set(setting.property, await read(directory));
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      unreadable.set(setting.property, error.message);
    }
  }
  return { readable, unreadable };
}

function profileOf(chosen: unknown, defaultProfile: Profile): Profile {
  return chosen === "documented" || chosen === "hardened" ? chosen : defaultProfile;
}

/** Adds what follows from the settings, and freezes them. */
function complete(settings: JwtSettings): Readonly<JwtSettings> {
  const publicKey = settings.publicKey ?? (settings.privateKey && createPublicKey(settings.privateKey));
  const completed = Object.assign(settings, { publicKey });
  for (const value of Object.values(completed)) {
    if (Array.isArray(value)) Object.freeze(value);
  }
  return Object.freeze(completed);
}

function originsOf(given: ReadonlyMap<SettingName, GivenSetting>, profile: Profile): Record<SettingName, Origin> {
  const ofProfile = (setting: SettingName): boolean =>
    setting !== "profile" && Object.hasOwn(PROFILE_DEFAULTS[profile], setting);
  const originOf = (setting: SettingName): Origin =>
    given.get(setting)?.origin ?? (ofProfile(setting) ? "profile" : "default");
  const origins = Object.fromEntries(SETTINGS.map(({ property }) => [property, originOf(property)]));
  return origins as Record<SettingName, Origin>;
}
