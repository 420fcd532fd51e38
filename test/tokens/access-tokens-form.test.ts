import { expect } from "chai";
import { encode, forge, SECRET_KID } from "../support/forge.js";
import { accessTokens, NOW, refusalOf } from "./access-tokens-of.js";

// What is refused is in `hostile/`; this is what is not, and what is written.

const INVALID = "INVALID_TOKEN: Invalid token";
const UNDECODABLE = "INVALID_TOKEN: Error decoding signature";

const CLAIMS = { username: "alice", exp: NOW + 60 };
const GOOD = forge(CLAIMS);
const [HEADER = "", PAYLOAD = "", SIGNATURE = ""] = GOOD.split(".");

const withHeader = (header: Record<string, unknown>): string => forge(CLAIMS, { header });

/** A token of this length that is good otherwise. */
function ofLength(length: number): string {
  const others = HEADER.length + SIGNATURE.length + 2;
  const bytes = Math.floor(((length - others) * 3) / 4);
  const filling = "x".repeat(bytes - JSON.stringify({ ...CLAIMS, filling: "" }).length);
  const token = forge({ ...CLAIMS, filling });
  expect(token).to.have.length(length);
  return token;
}

describe("the form of an access token", () => {
  it("is right where nothing is wrong", async () => {
    expect(await (await accessTokens()).verify(GOOD)).to.deep.equal(CLAIMS);
  });

  for (const header of [
    { alg: "HS256" },
    { alg: "HS256", typ: "JWT" },
    { typ: "anything", alg: "HS256" },
    { alg: "HS256", typ: "at+jwt", kid: SECRET_KID, cty: "json" },
  ]) {
    it(`is right with the header ${JSON.stringify(header)} in the documented profile`, async () => {
      expect(await refusalOf(withHeader(header))).to.equal("accepted");
    });
  }

  for (const typ of ["JWT", "at+JWT", "AT+JWT", "application/at+jwt", "dpop+jwt", "", undefined]) {
    it(`is refused with the type ${JSON.stringify(typ)} in the hardened profile`, async () => {
      expect(await refusalOf(withHeader({ alg: "HS256", typ }), { profile: "hardened" })).to.equal(INVALID);
    });
  }

  it("is looked at after the signature: a wrong type is no hint for one who cannot sign", async () => {
    const token = forge(CLAIMS, { secret: "other" });
    expect(await refusalOf(token, { profile: "hardened" })).to.equal(UNDECODABLE);
  });

  it("is right with the type at+jwt in the hardened profile, and with 8,192 characters", async () => {
    const header = { alg: "HS256", typ: "at+jwt" };
    expect(await refusalOf(withHeader(header), { profile: "hardened" })).to.equal("accepted");
    expect(await refusalOf(ofLength(8192))).to.equal("accepted");
  });

  it("has the type of the profile when it is written", async () => {
    const { sign } = await accessTokens({ profile: "hardened" });
    expect(await sign(CLAIMS)).to.equal(forge(CLAIMS, { header: { alg: "HS256", typ: "at+jwt", kid: SECRET_KID } }));
    expect(await (await accessTokens()).sign(CLAIMS)).to.equal(
      withHeader({ alg: "HS256", typ: "JWT", kid: SECRET_KID }),
    );
  });

  it("is refused when it is written, if it would be too long to be read again", async () => {
    const { sign } = await accessTokens();
    const outcome: unknown = await sign({ filling: "x".repeat(8192) }).catch((error: unknown) => error);
    expect((outcome as Error).message).to.equal(
      "The token has 11051 characters, more than the 8192 that are accepted: its payload is too large.",
    );
  });

  it("is not written where a text is no Unicode, which no reader would take", async () => {
    const { sign } = await accessTokens();
    const outcome: unknown = await sign({ username: "a\ud800" }).catch((error: unknown) => error);
    expect((outcome as Error).message).to.equal("The payload has a text with half of a surrogate pair in it.");
    expect(await refusalOf(await sign({ username: "\ud83d\ude00 \\ud800" }))).to.equal("accepted");
  });
});

describe("verify: false", () => {
  const unverified = { verify: false } as const;

  it("takes any signature, and nothing else that is wrong", async () => {
    expect(await refusalOf(forge(CLAIMS, { secret: "other" }), unverified)).to.equal("accepted");
    expect(await refusalOf(`${HEADER}.${PAYLOAD}.AAAA`, unverified)).to.equal("accepted");
    const refused: Readonly<Record<string, string>> = {
      [`${encode({ alg: "none" })}.${PAYLOAD}.`]: INVALID,
      [forge(CLAIMS, { header: { alg: "HS256", jwk: {} } })]: INVALID,
      [`${GOOD}.${SIGNATURE}.${SIGNATURE}`]: UNDECODABLE,
      [`${HEADER}.${PAYLOAD}.`]: UNDECODABLE,
      [forge([CLAIMS])]: UNDECODABLE,
      [forge('{"username":"a","username":"b"}')]: UNDECODABLE,
    };
    for (const [token, refusal] of Object.entries(refused)) {
      expect(await refusalOf(token, unverified), token).to.equal(refusal);
    }
    const expired = forge({ ...CLAIMS, exp: NOW }, { secret: "other" });
    const refusal = "TOKEN_EXPIRED: Signature has expired";
    expect(await refusalOf(expired, { ...unverified, verifyExpiration: true })).to.equal(refusal);
  });
});
