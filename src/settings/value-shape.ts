import { KeyObject } from "node:crypto";

/** What a value looks like, for an error message: numbers and booleans are told, texts and objects are not. */
export function shapeOf(value: unknown): string {
  if (value === undefined) return "none";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (value instanceof KeyObject) return `a ${value.type} key`;
  switch (typeof value) {
    case "string":
      return value === "" ? "an empty string" : `a string of ${value.length} character${value.length === 1 ? "" : "s"}`;
    case "number":
    case "boolean":
      return `a ${typeof value}, ${value}`;
    case "object":
      return "an object";
    default:
      return `a ${typeof value}`;
  }
}

/** What a secret looks like: not even a number is told. */
export function shapeOfSecret(value: unknown): string {
  return typeof value === "number" ? "a number" : shapeOf(value);
}
