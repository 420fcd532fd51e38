import { expect } from "chai";
import * as fc from "fast-check";
import { cutToCodePoints } from "../../src/sessions/client-text.js";

describe("cutToCodePoints", () => {
  it("leaves what fits, and nothing", () => {
    expect(cutToCodePoints(null, 3)).to.equal(null);
    expect(cutToCodePoints("", 3)).to.equal("");
    expect(cutToCodePoints("abc", 3)).to.equal("abc");
  });

  it("counts characters, not halves of surrogate pairs", () => {
    expect(cutToCodePoints("abcd", 3)).to.equal("abc");
    expect(cutToCodePoints("ab😀d", 3)).to.equal("ab😀");
    expect(cutToCodePoints("😀😀😀😀", 3)).to.equal("😀😀😀");
  });

  it("never splits a character", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", "é", "😀", "\u0000") });
    fc.assert(
      fc.property(texts, fc.nat(20), (text, limit) => {
        expect(cutToCodePoints(text, limit)).to.equal(Array.from(text).slice(0, limit).join(""));
      }),
    );
  });
});
