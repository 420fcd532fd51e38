import { validateSync } from "../validation.js";

import type { Contradiction, NameOf } from "./contradictions.js";
import type { JwtSettings } from "./jwt-settings.js";
import { holdsKeys } from "./setting.js";
import type { SettingsProblem } from "./settings-error.js";
import { SETTINGS, type SettingName } from "./settings-list.js";
import { shapeOf, shapeOfSecret } from "./value-shape.js";

/**
 * Everything that is wrong with the settings: first each by itself, in the order of the class, then several together.
 *
 * @param unreadable What is known to be wrong already; these settings have a default in `settings`.
 * @param rules What several settings can be wrong together about.
 */
export function findProblems(
  settings: JwtSettings,
  unreadable: ReadonlyMap<SettingName, string>,
  nameOf: NameOf,
  rules: readonly Contradiction[],
): SettingsProblem[] {
  const wrong = new Map([...violations(settings), ...unreadable]);
  return [
    ...SETTINGS.flatMap(({ property }) => problem(nameOf(property), wrong.get(property))),
    ...rules
      .filter((rule) => !rule.settings.some((setting) => wrong.has(setting)))
      .flatMap((rule) => problem(nameOf(rule.settings[0]), rule.find(settings, nameOf))),
  ];
}

/** What is refused in production although it is valid. */
export function productionProblems({ verify }: JwtSettings, nameOf: NameOf): SettingsProblem[] {
  const forgery = "must not be false where NODE_ENV is production: anyone can forge a token";
  return verify ? [] : problem(nameOf("verify"), forgery);
}

/** What class-validator finds, with the shape of the value. */
function violations(settings: JwtSettings): Map<SettingName, string> {
  const messages = new Map(
    validateSync(settings).map(({ property, constraints = {} }) => [property, Object.values(constraints)[0]]),
  );
  return new Map(
    SETTINGS.flatMap(({ property, kind }) => {
      const message = messages.get(property);
      const shape = holdsKeys(kind) ? shapeOfSecret(settings[property]) : shapeOf(settings[property]);
      return message === undefined ? [] : [[property, `${message}, but is ${shape}`] as const];
    }),
  );
}

function problem(setting: string, text: string | undefined): SettingsProblem[] {
  return text === undefined ? [] : [{ setting, problem: text }];
}
