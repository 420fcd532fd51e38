import { KeyObject, type KeyObjectType } from "node:crypto";

import { ValidateBy, type ValidationOptions } from "../validation.js";

/** The checks of settings that class-validator lacks. Each accepts undefined: the built-in default. */

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";

// Arrow functions and methods cannot be constructed, and have no prototype.
const isClass = (value: unknown): boolean => typeof value === "function" && typeof value.prototype === "object";

/** A function, or one of the built-in ones by its name. */
export function IsHandler(options: ValidationOptions, builtIn: readonly string[] = []): PropertyDecorator {
  const isHandler = (value: unknown) => typeof value === "function" || builtIn.some((name) => name === value);
  return optional("isHandler", isHandler, options);
}

/** A class. */
export function IsModel(options: ValidationOptions): PropertyDecorator {
  return optional("isModel", isClass, options);
}

/** A key of this type. */
export function IsKey(type: KeyObjectType, options: ValidationOptions): PropertyDecorator {
  return optional("isKey", (value) => value instanceof KeyObject && value.type === type, options);
}

/** Text that is not empty, or a list of such texts that is not empty. */
export function IsTextOrList(options: ValidationOptions): PropertyDecorator {
  const isTexts = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isText);
  return optional("isTextOrList", (value) => isText(value) || isTexts(value), options);
}

function optional(name: string, check: (value: unknown) => boolean, options: ValidationOptions): PropertyDecorator {
  return ValidateBy({ name, validator: { validate: (value) => value === undefined || check(value) } }, options);
}
