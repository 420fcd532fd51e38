import { expect } from "chai";
import { parseUrl } from "../src/parse-url.js";

/** By then V8 has optimised what it runs. */
const MANY = 20_000;

describe("parseUrl", () => {
  it("knows a URL with letters beyond ASCII, however often it has been asked", () => {
    const hosts = new Set(Array.from({ length: MANY }, () => parseUrl("https://bücher.example")?.host));
    expect([...hosts]).to.deep.equal(["xn--bcher-kva.example"]);
  });

  it("knows what is none", () => {
    for (const text of ["", "a.example", "https://", "https://a b", "//a.example"]) {
      expect(parseUrl(text)).to.equal(undefined);
    }
  });
});
