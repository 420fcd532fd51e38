import type { InputField } from "../src/server/page/page-types.js";

/**
 * What a control's text means, as a member of the input; none where an optional field was left empty.
 *
 * @throws Error for text that is no JSON
 */
export function valueOf({ name, type, isOptional }: InputField, text: string): [name: string, value: unknown][] {
  if (text === "" && isOptional) return [];
  switch (type) {
    case "text":
      return [[name, text]];
    case "number":
      return [[name, Number(text)]];
    case "boolean":
      return [[name, text === "true"]];
    case "json":
      return [[name, parse(name, text)]];
  }
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${name} is not JSON`);
  }
}
