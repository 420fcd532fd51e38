import { expect } from "chai";
import type { JwtSettingsInput } from "../../src/settings/input.js";
import { forge } from "../support/forge.js";
import { accessTokens, NOW, refusalOf } from "./access-tokens-of.js";

const INVALID = "INVALID_TOKEN: Invalid token";
const UNDECODABLE = "INVALID_TOKEN: Error decoding signature";
const EXPIRED = "TOKEN_EXPIRED: Signature has expired";
const ACCEPTED = "accepted";

/** Claims, settings, and what comes of them at `NOW`. */
type Case = [claims: Record<string, unknown>, settings: JwtSettingsInput, outcome: string];

const verifyExpiration = true;

const TIMES: Case[] = [
  // "On or after" the time in `exp` the token must not be accepted (RFC 7519, section 4.1.4).
  [{ exp: NOW + 1 }, { verifyExpiration }, ACCEPTED],
  [{ exp: NOW + 0.001 }, { verifyExpiration }, ACCEPTED],
  [{ exp: NOW }, { verifyExpiration }, EXPIRED],
  [{ exp: NOW - 1 }, { verifyExpiration }, EXPIRED],
  [{ exp: 0 }, { verifyExpiration }, EXPIRED],
  [{ exp: NOW - 9 }, { verifyExpiration, leeway: 10 }, ACCEPTED],
  [{ exp: NOW - 10 }, { verifyExpiration, leeway: 10 }, EXPIRED],
  [{ exp: NOW - 11 }, { verifyExpiration, leeway: 10 }, EXPIRED],
  [{}, { verifyExpiration }, ACCEPTED],
  [{ exp: NOW - 1 }, {}, ACCEPTED],
  [{ exp: 0 }, {}, ACCEPTED],
  [{ nbf: NOW }, {}, ACCEPTED],
  [{ nbf: NOW + 1 }, {}, INVALID],
  [{ nbf: NOW + 0.5 }, {}, INVALID],
  [{ nbf: NOW + 10 }, { leeway: 10 }, ACCEPTED],
  [{ nbf: NOW + 11 }, { leeway: 10 }, INVALID],
  [{ iat: NOW }, {}, ACCEPTED],
  [{ iat: NOW + 1 }, {}, INVALID],
  [{ iat: NOW + 10 }, { leeway: 10 }, ACCEPTED],
  [{ iat: NOW + 11 }, { leeway: 10 }, INVALID],
  [{ exp: NOW, nbf: NOW + 1 }, { verifyExpiration }, INVALID],
];

/** What is no NumericDate, in every claim that has to be one, whether or not it is looked at. */
const NO_DATES = ["1700000000", "", "now", null, true, [NOW], {}, -1, 1e300, 8.64e12 + 1, 1e308];

/** Every combination of what is expected and what is claimed. */
const AUDIENCES: [ours: JwtSettingsInput["audience"], theirs: unknown, accepted: boolean][] = [
  [undefined, undefined, true],
  [undefined, "web", false],
  [undefined, ["web"], false],
  [undefined, [], true],
  ["web", undefined, false],
  ["web", "web", true],
  ["web", ["web"], true],
  ["web", ["app", "web"], true],
  ["web", "app", false],
  ["web", ["app"], false],
  ["web", [], false],
  ["web", "Web", false],
  ["web", "webb", false],
  ["web", "we", false],
  ["web", ["w", "e", "b"], false],
  ["web", { web: true }, false],
  ["web", 5, false],
  ["web", null, false],
  [["web", "app"], "app", true],
  [["web", "app"], ["other", "app"], true],
  [["web", "app"], "other", false],
  [["web", "app"], undefined, false],
];

const ISSUERS: [ours: string | undefined, theirs: unknown, accepted: boolean][] = [
  [undefined, undefined, true],
  [undefined, "anybody", true],
  ["janus", "janus", true],
  ["janus", undefined, false],
  ["janus", "Janus", false],
  ["janus", "janus/", false],
  ["janus", ["janus"], false],
  ["janus", null, false],
];

describe("the claims of an access token", () => {
  for (const [claims, settings, outcome] of TIMES) {
    it(`${JSON.stringify(relative(claims))} with ${JSON.stringify(settings)}: ${outcome}`, async () => {
      expect(await refusalOf(forge(claims), settings)).to.equal(outcome);
    });
  }

  for (const name of ["exp", "nbf", "iat", "origIat"]) {
    it(`has a number of seconds in ${name}, or is refused`, async () => {
      for (const value of NO_DATES) {
        expect(await refusalOf(forge({ [name]: value })), JSON.stringify(value)).to.equal(UNDECODABLE);
      }
      expect(await refusalOf(forge({ [name]: NOW }))).to.equal(ACCEPTED);
      // JSON has no Infinity, but a number that is read as it.
      expect(await refusalOf(forge(`{"${name}":1e999}`))).to.equal(UNDECODABLE);
    });
  }

  it("has exp in the hardened profile", async () => {
    const header = { alg: "HS256", typ: "at+jwt" };
    expect(await refusalOf(forge({ username: "a" }, { header }), { profile: "hardened" })).to.equal(INVALID);
    expect(await refusalOf(forge({ exp: NOW + 1 }, { header }), { profile: "hardened" })).to.equal(ACCEPTED);
    expect(await refusalOf(forge({ exp: NOW }, { header }), { profile: "hardened" })).to.equal(EXPIRED);
    const off = { profile: "hardened", verifyExpiration: false } as const;
    expect(await refusalOf(forge({ username: "a" }, { header }), off)).to.equal(ACCEPTED);
  });

  for (const [ours, theirs, accepted] of AUDIENCES) {
    it(`aud ${JSON.stringify(theirs)} is ${accepted ? "accepted" : "refused"} by ${JSON.stringify(ours)}`, async () => {
      const outcome = await refusalOf(forge({ aud: theirs }), { audience: ours });
      expect(outcome).to.equal(accepted ? ACCEPTED : INVALID);
    });
  }

  for (const [ours, theirs, accepted] of ISSUERS) {
    it(`iss ${JSON.stringify(theirs)} is ${accepted ? "accepted" : "refused"} by ${JSON.stringify(ours)}`, async () => {
      const outcome = await refusalOf(forge({ iss: theirs }), { issuer: ours });
      expect(outcome).to.equal(accepted ? ACCEPTED : INVALID);
    });
  }

  it("is answered whole, with whatever else it holds", async () => {
    const claims = {
      username: "alice",
      exp: NOW + 1,
      "https://example.org/x": [1, { deep: null }],
      "": "empty",
      ü: "ü",
    };
    expect(await (await accessTokens()).verify(forge(claims))).to.deep.equal(claims);
  });

  it("does not reach the prototype of anything", async () => {
    const payload = await (await accessTokens()).verify(forge('{"__proto__":{"isAdmin":true},"username":"alice"}'));
    expect(payload["isAdmin"]).to.equal(undefined);
    expect(({} as Record<string, unknown>)["isAdmin"]).to.equal(undefined);
  });
});

/** Times as seconds from now, for the titles of tests. */
function relative(claims: Record<string, unknown>): object {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, value === 0 ? 0 : `now${signed(Number(value) - NOW)}`]),
  );
}

function signed(seconds: number): string {
  const rounded = Math.round(seconds * 1000) / 1000;
  return rounded === 0 ? "" : rounded > 0 ? `+${rounded}` : String(rounded);
}
