import { isRecord } from "../is-record.js";
import { readDuration } from "./durations.js";
import { importExport, isImport } from "./import-export.js";
import type { KeySource } from "./input.js";
import { parsePrivateKey, parsePublicKey, parseSecretKey } from "./keys.js";
import { readPlace } from "./place.js";
import type { SettingDescription, SettingKind } from "./setting.js";
import { DOCUMENTED_DEFAULTS, type SettingName } from "./settings-list.js";

/**
 * Makes a setting's final value of what was given. What cannot be read is answered as it is: the class-validator rules
 * of `JwtSettings` then say what is allowed. Throws an InvalidValue where the reason is worth more than that rule.
 */
type Reader<Given> = (given: Given, directory: string) => unknown;

/** Reads a setting that was written in the environment. */
export function readText(setting: SettingDescription, text: string, directory: string): unknown {
  return FROM_TEXT[setting.kind](text, directory);
}

/** Reads a setting that was written in code. `null` is "none" where the setting is optional. */
export function readValue(setting: SettingDescription<SettingName>, value: unknown, directory: string): unknown {
  if (value === null) return DOCUMENTED_DEFAULTS[setting.property] === undefined ? undefined : null;
  return FROM_CODE[setting.kind](value, directory);
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["true", "yes", "on", "1"].map((word) => [word, true] as const),
  ...["false", "no", "off", "0"].map((word) => [word, false] as const),
]);

const FROM_TEXT: Record<SettingKind, Reader<string>> = {
  boolean: (text) => BOOLEANS.get(text.toLowerCase()) ?? text,
  seconds: (text) => (text === "none" ? undefined : (readDuration(text) ?? text)),
  integer: (text) => (text === "none" ? undefined : /^\d+$/.test(text) ? Number(text) : text),
  text: (text) => text,
  headerName,
  place: readPlace,
  list: splitList,
  textOrList: (text) => (text.includes(",") ? splitList(text) : text),
  secretKey: parseSecretKey,
  secretKeys: (text, directory) => secretSources(text).map((source) => readSecret(source, directory)),
  publicKey: parsePublicKey,
  privateKey: parsePrivateKey,
  handler: (text, directory) => (isImport(text) ? importExport(text, directory) : text),
};

const FROM_CODE: Record<SettingKind, Reader<unknown>> = {
  boolean: (value) => value,
  seconds: (value) => (typeof value === "number" || typeof value === "string" ? (readDuration(value) ?? value) : value),
  integer: (value, directory) => (typeof value === "string" ? FROM_TEXT.integer(value, directory) : value),
  text: (value) => value,
  headerName: (value) => (typeof value === "string" ? headerName(value) : value),
  place: (value, directory) => (typeof value === "string" ? readPlace(value, directory) : value),
  list: (value) => (typeof value === "string" ? [value] : copyOf(value)),
  textOrList: copyOf,
  secretKey: readSecret,
  secretKeys: (value, directory) => listOf(value).map((item) => readSecret(item, directory)),
  publicKey: (value, directory) => (isKeySource(value) ? parsePublicKey(value, directory) : value),
  privateKey: (value, directory) => (isKeySource(value) ? parsePrivateKey(value, directory) : value),
  handler: (value) => value,
};

/** `HTTP_X_TOKEN`, as WSGI spells it (PEP 3333), and `X-Token` are both `x-token`. */
function headerName(text: string): string {
  const name = text.toLowerCase();
  return name.startsWith("http_") ? name.slice("http_".length).replaceAll("_", "-") : name;
}

function splitList(text: string): readonly string[] {
  return text.split(",").map((item) => item.trim());
}

/** Secrets that hold a comma, and JWKs, are written as a JSON array. */
function secretSources(text: string): readonly unknown[] {
  if (!text.startsWith("[")) return splitList(text);
  try {
    return listOf(JSON.parse(text));
  } catch {
    return splitList(text);
  }
}

function readSecret(source: unknown, directory: string): unknown {
  return isKeySource(source) ? parseSecretKey(source, directory) : source;
}

function isKeySource(value: unknown): value is KeySource {
  return typeof value === "string" || isRecord(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** The final settings are frozen; the caller's own list is not to be. */
function copyOf(value: unknown): unknown {
  return Array.isArray(value) ? [...listOf(value)] : value;
}
