import { expect } from "chai";
import * as fc from "fast-check";
import { parseStrictObject } from "../../src/tokens/strict-json.js";

/** Texts that JSON.parse reads, and another reader may read otherwise. */
const AMBIGUOUS: Readonly<Record<string, string>> = {
  "a name twice": '{"a":1,"a":1}',
  "a name three times": '{"a":1,"a":2,"a":3}',
  "a name twice, with others between": '{"a":1,"b":2,"a":3}',
  "a name twice, once escaped": '{"alg":"none","\\u0061lg":"HS256"}',
  "a name twice, with an escaped slash": '{"/":1,"\\/":2}',
  "an empty name twice": '{"":1,"":2}',
  "a name twice in an object within": '{"a":{"b":1,"b":2}}',
  "a name twice in an object in a list": '{"a":[0,{"b":1,"b":2}]}',
  "a name twice in what the second replaces": '{"a":{"b":1,"b":2},"a":{}}',
  "an object that the second replaces": '{"a":{"b":1},"a":2}',
  "a second that has as many members as the text": '{"a":1,"a":{"b":1,"c":2}}',
  "__proto__ twice": '{"__proto__":1,"__proto__":2}',
  "__proto__ twice, once escaped": '{"__proto__":{"a":1},"\\u005f_proto__":{}}',
  "a name with a quote twice": '{"a\\"":1,"a\\"":2}',
  "a name with a backslash twice": '{"\\\\":1,"\\\\":2}',
  "a colon in a text that stands in for a member": '{"a":":","a":":"}',
  "half a surrogate pair": '{"a":"\\ud800"}',
  "the other half": '{"a":"x\\uDFFFy"}',
  "both halves in the wrong order": '{"a":"\\udc00\\ud800"}',
  "half a pair in a name": '{"\\ud800":1}',
  "half a pair deep in a list": '{"a":[[["\\ud800"]]]}',
};

const NO_OBJECTS: readonly string[] = [
  "",
  "null",
  "1",
  '"a"',
  "[]",
  "[{}]",
  "{",
  "{a:1}",
  "{'a':1}",
  '{"a":1,}',
  "\ufeff{}",
];

const FINE: readonly string[] = [
  "{}",
  '{"a":1}',
  ' {\n"a" : [ 1 , "b:c" , { "d" : ":" } ] , "e" : { "a" : { "a" : null } } }\t',
  '{"a":"\\\\","b":"\\":\\"","c":"\\\\\\":"}',
  '{"a":"\\ud83d\\ude00","\\ud83d\\ude00":"😀","b":"\\\\ud800"}',
  '{"__proto__":{"isAdmin":true},"constructor":1,"hasOwnProperty":2}',
  '{"a":1,"A":1,"á":1,"a\u0301":1}',
  '{"a":"\u2028:\u2029"}',
];

describe("parseStrictObject", () => {
  for (const [name, text] of Object.entries(AMBIGUOUS)) {
    it(`refuses ${name}, which JSON.parse takes`, () => {
      expect(() => void JSON.parse(text)).not.to.throw();
      expect(parseStrictObject(text)).to.equal(null);
    });
  }

  it("refuses what is no JSON object", () => {
    for (const text of NO_OBJECTS) expect(parseStrictObject(text), text).to.equal(null);
  });

  it("answers what JSON.parse does where there is one way to read it", () => {
    for (const text of FINE) expect(parseStrictObject(text), text).to.deep.equal(JSON.parse(text));
  });

  it("counts a hundred thousand levels without a call for each", () => {
    const text = `{"a":${"[".repeat(100_000)}{"b":1,"b":2}${"]".repeat(100_000)}}`;
    expect(parseStrictObject(text)).to.equal(null);
    expect(parseStrictObject(text.replace('"b":1,', ""))).not.to.equal(null);
  });

  it("takes every object as JSON.stringify writes it, and none with a member put in again", () => {
    const objects = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue({ stringUnit: "grapheme" }), {
      minKeys: 1,
    });
    fc.assert(
      fc.property(objects, fc.nat(), fc.jsonValue(), (object, index, value) => {
        const text = JSON.stringify(object);
        expect(parseStrictObject(text)).to.deep.equal(JSON.parse(text));
        const names = Object.keys(object);
        const again = `${JSON.stringify(names[index % names.length])}:${JSON.stringify(value)}`;
        expect(parseStrictObject(`{${again},${text.slice(1)}`)).to.equal(null);
        expect(parseStrictObject(`${text.slice(0, -1)},${again}}`)).to.equal(null);
      }),
      { numRuns: 1000 },
    );
  });
});
