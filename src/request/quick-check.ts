import { getMetadataStorage, isString, matches, maxLength, ValidationTypes } from "../validation.js";

/** A check of one value: what class-validator's decorator of this name does. */
type Check = (value: unknown) => boolean;

interface Property {
  optional: boolean;
  readonly checks: Check[];
}

/** What class-validator has noted of a decorator. */
type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>["getTargetValidationMetadatas"]>[number];

/**
 * Makes a check that admits inputs which class-validator would find nothing wrong with, for a tenth of its time. It is the
 * same decorators with the same functions behind them; false says nothing, and class-validator has to be asked. For a class
 * with a decorator that is not known here it always does.
 *
 * @param type a class whose decorators are all there
 */
export function quickCheck(type: new () => object): (input: object) => boolean {
  const properties = new Map<string, Property>();
  for (const metadata of getMetadataStorage().getTargetValidationMetadatas(type, "", true, false)) {
    const property = properties.get(metadata.propertyName) ?? { optional: false, checks: [] };
    properties.set(metadata.propertyName, property);
    if (!note(metadata, property)) return () => false;
  }
  return (input) => isWhole(input as Readonly<Record<string, unknown>>, properties);
}

/** False for a decorator that is not known. */
function note(metadata: Metadata, property: Property): boolean {
  if (metadata.each || metadata.groups?.length || metadata.validationTypeOptions) return false;
  if (metadata.type === ValidationTypes.CONDITIONAL_VALIDATION && metadata.name === "isOptional") {
    property.optional = true;
    return true;
  }
  const check = metadata.type === ValidationTypes.CUSTOM_VALIDATION && checkOf(metadata);
  if (check) property.checks.push(check);
  return Boolean(check);
}

function checkOf({ name, constraints }: Metadata): Check | undefined {
  // A decorator without arguments has none, whatever its type says.
  const [limit, modifiers] = (constraints as readonly unknown[] | undefined) ?? [];
  if (name === "isString") return isString;
  if (name === "maxLength" && typeof limit === "number") return (value) => maxLength(value, limit);
  if (name === "matches" && limit instanceof RegExp && modifiers === undefined) {
    return (value) => matches(value as string, limit);
  }
  return undefined;
}

function isWhole(input: Readonly<Record<string, unknown>>, properties: ReadonlyMap<string, Property>): boolean {
  for (const name of Object.keys(input)) if (!properties.has(name)) return false;
  for (const [name, { optional, checks }] of properties) {
    const value = input[name];
    if (optional && (value === undefined || value === null)) continue;
    for (const check of checks) if (!check(value)) return false;
  }
  return true;
}
