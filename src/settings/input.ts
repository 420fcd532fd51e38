import type { KeyObject } from "node:crypto";

import type { JsonWebKey } from "./jwk.js";
import type { JwtSettings } from "./jwt-settings.js";

/** A key as a caller may give it: text (PEM, JWK, base64, `file:PATH`; for an HMAC also any text), a JWK or a KeyObject. */
export type KeySource = string | JsonWebKey | KeyObject;

/** What may be written where the validated setting is a `Value`. `null` says "none" where a setting is optional. */
type InputValue<Value> = Value extends undefined
  ? null
  : Value extends KeyObject
    ? KeySource
    : Value extends number
      ? number | string
      : Value extends readonly (infer Item)[]
        ? InputValue<Item> | readonly InputValue<Item>[]
        : Value;

/**
 * The settings as a caller may write them in code: each optional (undefined means not given), durations as seconds or
 * text (`"5m"`, `"7 days"`, `"PT5M"`), keys as text, JWK or KeyObject, lists also as their only item.
 */
export type JwtSettingsInput = {
  readonly [Property in keyof JwtSettings]?: InputValue<JwtSettings[Property]> | undefined;
};
