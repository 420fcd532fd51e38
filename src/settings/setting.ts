import type { KeyObject } from "node:crypto";

/** Of which kind each setting's final value is: how it is read from text, and how it is shown. */
export interface SettingKinds {
  boolean: boolean;
  /** A duration; none where the property allows undefined. */
  seconds: number | undefined;
  /** A whole number; none where the property allows undefined. */
  integer: number | undefined;
  text: string | undefined;
  headerName: string;
  /** A URL, or a path that becomes an absolute one. */
  place: string | undefined;
  list: readonly string[];
  textOrList: string | readonly string[] | undefined;
  secretKey: KeyObject | undefined;
  secretKeys: readonly KeyObject[];
  publicKey: KeyObject | undefined;
  privateKey: KeyObject | undefined;
  /** A function or a class; some have built-in ones that are chosen by name. */
  handler: string | object | undefined;
}

/** The name of a kind of setting. */
export type SettingKind = keyof SettingKinds;

/** Whether a setting of this kind holds keys: its value is never shown. */
export function holdsKeys(kind: SettingKind): boolean {
  return kind.endsWith("Key") || kind.endsWith("Keys");
}

/** What is registered of one setting. */
export interface SettingDescription<Property extends string = string> {
  readonly property: Property;
  /** The environment variable: `JWT_VERIFY_EXPIRATION` for `verifyExpiration`. */
  readonly environment: string;
  readonly kind: SettingKind;
  /** One line of Markdown for the README. */
  readonly meaning: string;
  /** What stands in for an undefined value: `jose signer`. */
  readonly unset: string;
}

/** Filled while the decorated classes are defined, and not after. */
const registered = new WeakMap<object, SettingDescription[]>();

/**
 * Registers a property as a setting. Everything else about its spellings is derived from this, in the order of the
 * properties.
 *
 * @param meaning One line of Markdown for the README.
 * @param unset What stands in where the value is undefined.
 */
export function Setting<Kind extends SettingKind>(kind: Kind, meaning: string, unset = "none") {
  return <Property extends string>(prototype: { readonly [P in Property]: SettingKinds[Kind] }, property: Property) => {
    const description = { property, environment: environmentName(property), kind, meaning, unset };
    registered.set(prototype, [...(registered.get(prototype) ?? []), description]);
  };
}

/** The settings of a class whose properties are decorated with `@Setting`: its own in their order, then its parent's. */
export function registeredSettings(prototype: object): readonly SettingDescription[] {
  const parent = Object.getPrototypeOf(prototype) as object | null;
  return [...(registered.get(prototype) ?? []), ...(parent === null ? [] : registeredSettings(parent))];
}

/** The environment variable of a property: the one place where one name becomes the other. */
export function environmentName(property: string): string {
  return `JWT_${property.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
