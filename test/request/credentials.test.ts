import { expect } from "chai";
import { tokenFromHeader } from "../../src/request/credentials.js";
import { JwtSettings } from "../../src/settings/jwt-settings.js";

function settings(values: Partial<JwtSettings> = {}): JwtSettings {
  return Object.assign(new JwtSettings(), values);
}

describe("tokenFromHeader", () => {
  const rows: [header: string | readonly string[] | undefined, token: string | null][] = [
    [undefined, null],
    ["", null],
    [" ", null],
    ["JWT", null],
    ["JWT ", null],
    ["a.b.c", null],
    ["Bearer a.b.c", null],
    ["JWTa.b.c", null],
    ["JWT a.b.c d", null],
    ["JWT JWT a.b.c", null],
    ["JWT a.b.c", "a.b.c"],
    ["jWt a.b.c", "a.b.c"],
    ["JWT   a.b.c", "a.b.c"],
    ["JWT\ta.b.c", "a.b.c"],
    ["  JWT a.b.c  ", "a.b.c"],
    [["JWT a.b.c", "JWT d.e.f"], "a.b.c"],
    [[], null],
  ];
  for (const [header, token] of rows) {
    it(`finds ${JSON.stringify(token)} in ${JSON.stringify(header)}`, () => {
      const headers = header === undefined ? {} : { authorization: header };
      expect(tokenFromHeader({ headers }, settings())).to.equal(token);
    });
  }

  it("looks at the header of the settings and at no other", () => {
    const named = settings({ authHeaderName: "x-token" });
    expect(tokenFromHeader({ headers: { "x-token": "JWT a" } }, named)).to.equal("a");
    expect(tokenFromHeader({ headers: { authorization: "JWT a" } }, named)).to.equal(null);
  });

  it("takes each prefix of the settings, and no piece of one", () => {
    const two = settings({ authHeaderPrefix: ["JWT", "Bearer"] });
    expect(tokenFromHeader({ headers: { authorization: "bearer a" } }, two)).to.equal("a");
    expect(tokenFromHeader({ headers: { authorization: "jwt a" } }, two)).to.equal("a");
    expect(tokenFromHeader({ headers: { authorization: "Bear a" } }, two)).to.equal(null);
  });
});
