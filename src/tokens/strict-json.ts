/** The strings of a JSON text. None holds a bare quote, and what a backslash escapes is one character of the text. */
const STRINGS = /"(?:[^"\\]|\\.)*"/gs;

/** Half of a surrogate pair, which is no character (RFC 7493, section 2.1). */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The object that a JSON text is, read so that no other reader can see another one in it: every name is there once in its
 * object, however it is escaped and however deep (RFC 7515, section 4; RFC 7519, section 4), and all text is Unicode.
 *
 * @returns null for everything else
 */
export function parseStrictObject(text: string): Record<string, unknown> | null {
  const value = parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const { names, values } = contentsOf(value);
  // JSON.parse keeps the last of two members with one name, so fewer are left than the text has. Outside of strings, each
  // colon is a member.
  if (text.replace(STRINGS, "").split(":").length - 1 !== names.length) return null;
  // Decoded UTF-8 has no half of a pair: only an escape can write one.
  if (text.includes("\\u") && [...names, ...values].some(hasLoneSurrogate)) return null;
  return value as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * All names and values within a value, `__proto__` among them: JSON.parse makes it a property like any other. Not by
 * recursion: a few thousand brackets would be as many calls.
 */
function contentsOf(value: object): { names: readonly string[]; values: readonly unknown[] } {
  const names: string[] = [];
  const values: unknown[] = [value];
  for (const each of values) {
    if (typeof each !== "object" || each === null) continue;
    if (!Array.isArray(each)) names.push(...Object.keys(each));
    values.push(...(Object.values(each) as unknown[]));
  }
  return { names, values };
}

function hasLoneSurrogate(value: unknown): boolean {
  return typeof value === "string" && LONE_SURROGATE.test(value);
}
