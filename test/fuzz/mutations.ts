import * as fc from "fast-check";

/** Some bytes, one character each. */
export const bytes = (maxLength: number): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array).toString("latin1"));

/** Text that comes from somewhere else: names of JavaScript's own, SQL, paths, numbers at the edge, broken Unicode. */
export const ODD_TEXTS = fc.constantFrom(
  "",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "null",
  "undefined",
  "NaN",
  "-0",
  "1e999",
  "2147483648",
  "9007199254740993",
  "' OR 1=1 --",
  '"; DROP TABLE users; --',
  "../../../etc/passwd",
  "${7*7}",
  "%00",
  "%zz",
  "\0",
  "\ud800",
  "\udfff\ud800",
  "\ufeff",
  "\u202e",
  "😀",
  "a".repeat(300),
  "{",
  "[[[[[[[[",
);

/** Any JSON, with odd texts in it. */
export const ODD_VALUES: fc.Arbitrary<unknown> = fc.oneof(
  ODD_TEXTS,
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, true, 0, -1, 0.5, 1e300, 2 ** 53, [], {}, [[]], { $ne: "" }),
);

/** A text with pieces taken out, doubled or put in. */
export function mutatedText(text: string, pieces: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const place = fc.nat(text.length);
  const change = fc.tuple(place, fc.nat(8), fc.oneof(fc.constant(""), pieces));
  return fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map((changes) => changes.reduce((before, [at, length, piece]) => splice(before, at, length, piece), text));
}

function splice(text: string, at: number, length: number, piece: string): string {
  return text.slice(0, at) + piece + text.slice(at + length);
}

/** A text as a list of its lexical tokens, some of which are dropped, doubled, exchanged or replaced. */
export function mutatedTokens(text: string, pool: readonly string[]): fc.Arbitrary<string> {
  const tokens = text.match(/[\w$]+|\.\.\.|"[^"]*"|\s+|[^\w\s]/g) ?? [];
  const index = fc.nat(tokens.length - 1);
  const change = fc.tuple(
    fc.constantFrom("drop", "double", "exchange", "replace"),
    index,
    index,
    fc.constantFrom(...pool),
  );
  return fc.array(change, { minLength: 1, maxLength: 5 }).map((changes) => {
    const result = [...tokens];
    for (const [kind, a, b, other] of changes) {
      if (kind === "drop") result[a] = "";
      else if (kind === "double") result[a] = `${result[a]} ${result[a]}`;
      else if (kind === "replace") result[a] = other;
      else [result[a], result[b]] = [result[b] ?? "", result[a] ?? ""];
    }
    return result.join("");
  });
}

/** An object as a JSON text with members changed, taken out, put in, or there twice. */
export function mutatedObject(
  object: Readonly<Record<string, unknown>>,
  names: readonly string[],
): fc.Arbitrary<string> {
  const member = fc.tuple(fc.constantFrom(...Object.keys(object), ...names), fc.option(ODD_VALUES, { nil: undefined }));
  return fc.tuple(fc.array(member, { minLength: 1, maxLength: 3 }), fc.boolean()).map(([changes, twice]) => {
    const kept = Object.entries(object).filter(([name]) => twice || !changes.some(([changed]) => changed === name));
    const members = [...kept, ...changes.filter(([, value]) => value !== undefined)];
    return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
  });
}
