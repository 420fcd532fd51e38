import { getMetadataStorage } from "../validation.js";
import type { InputClass } from "./input-schema.js";

/** An argument of an operation, for a form. */
export interface InputField {
  readonly name: string;
  /** `json` is whatever a form has no control for. */
  readonly type: "text" | "number" | "boolean" | "json";
  readonly isOptional: boolean;
  /** Whether nobody is to read it over a shoulder. */
  readonly isSecret: boolean;
}

/** class-validator's names of what it checks. */
const TYPES: Readonly<Record<string, InputField["type"]>> = {
  isString: "text",
  isIn: "text",
  isInt: "number",
  isNumber: "number",
  isBoolean: "boolean",
};

const IS_OPTIONAL = "isOptional";

/** The arguments of an input class, as its decorators have them. */
export function inputFields(type: InputClass<object>): InputField[] {
  const checks = getMetadataStorage().getTargetValidationMetadatas(type, "", false, false);
  const names = [...new Set(checks.map(({ propertyName }) => propertyName))];
  return names.map((name) => {
    const own = checks.filter(({ propertyName }) => propertyName === name);
    return {
      name,
      type: own.map((check) => TYPES[check.name ?? ""]).find((found) => found !== undefined) ?? "json",
      isOptional: own.some((check) => check.name === IS_OPTIONAL),
      isSecret: own.some(({ context }) => (context as { isSecret?: unknown } | undefined)?.isSecret === true),
    };
  });
}
