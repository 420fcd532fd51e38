import { createHmac } from "node:crypto";
import { expect } from "chai";
import { encode, forge, SECRET_KEY, SECRET_KID } from "../support/forge.js";
import { accessTokens, NOW, refusalOf } from "./access-tokens-of.js";

const INVALID = "INVALID_TOKEN: Invalid token";
const UNDECODABLE = "INVALID_TOKEN: Error decoding signature";

const CLAIMS = { username: "alice", exp: NOW + 60 };
const GOOD = forge(CLAIMS);
const [HEADER = "", PAYLOAD = "", SIGNATURE = ""] = GOOD.split(".");

/** Signs any two parts, well formed or not. */
function signed(header: string, payload: string): string {
  const parts = `${header}.${payload}`;
  return `${parts}.${createHmac("sha256", SECRET_KEY).update(parts).digest("base64url")}`;
}

const withHeader = (header: Record<string, unknown>): string => forge(CLAIMS, { header });

/** What a token has to be refused for. */
const REFUSED: Record<string, [token: string, refusal: string]> = {
  nothing: ["", UNDECODABLE],
  "one part": [HEADER, UNDECODABLE],
  "two parts": [`${HEADER}.${PAYLOAD}`, UNDECODABLE],
  "four parts": [`${GOOD}.x`, UNDECODABLE],
  "five parts, as of a JWE": [`${GOOD}.${SIGNATURE}.${SIGNATURE}`, UNDECODABLE],
  "a dot at the end": [`${GOOD}.`, UNDECODABLE],
  "a dot at the beginning": [`.${GOOD}`, UNDECODABLE],
  "only dots": ["..", UNDECODABLE],
  "no signature": [`${HEADER}.${PAYLOAD}.`, UNDECODABLE],
  "no payload": [signed(HEADER, ""), UNDECODABLE],
  "no header": [signed("", PAYLOAD), UNDECODABLE],
  "white space before it": [` ${GOOD}`, UNDECODABLE],
  "a newline after it": [`${GOOD}\n`, UNDECODABLE],
  padding: [`${GOOD}=`, UNDECODABLE],
  "padding in the payload": [signed(HEADER, `${PAYLOAD}==`), UNDECODABLE],
  "the other alphabet": [
    signed(HEADER, encode('{"a":"???>>>"}').replaceAll("-", "+").replaceAll("_", "/")),
    UNDECODABLE,
  ],
  "stray bits at the end": [`${GOOD.slice(0, -1)}${strayBits(GOOD.at(-1) ?? "")}`, UNDECODABLE],
  "a changed last character": [`${GOOD.slice(0, -1)}${GOOD.endsWith("A") ? "E" : "A"}`, UNDECODABLE],
  "a changed first character of the signature": [
    `${HEADER}.${PAYLOAD}.${SIGNATURE.startsWith("A") ? "B" : "A"}${SIGNATURE.slice(1)}`,
    UNDECODABLE,
  ],
  "half a signature": [`${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, 22)}`, UNDECODABLE],
  "a changed payload": [`${HEADER}.${encode({ ...CLAIMS, username: "bob" })}.${SIGNATURE}`, UNDECODABLE],
  "the signature of another token": [`${HEADER}.${PAYLOAD}.${forge({}).split(".")[2]}`, UNDECODABLE],
  "another secret": [forge(CLAIMS, { secret: "other" }), UNDECODABLE],
  "a header that is no JSON": [signed(encode("no JSON"), PAYLOAD), UNDECODABLE],
  "a header that is a list": [signed(encode([]), PAYLOAD), UNDECODABLE],
  "a header that is null": [signed(encode("null"), PAYLOAD), UNDECODABLE],
  "a payload that is no JSON": [signed(HEADER, encode("no JSON")), UNDECODABLE],
  "a payload that is text": [signed(HEADER, encode('"alice"')), UNDECODABLE],
  "a payload that is a list": [signed(HEADER, encode([CLAIMS])), UNDECODABLE],
  "a payload that is null": [signed(HEADER, encode("null")), UNDECODABLE],
  "a payload that is not UTF-8": [
    signed(HEADER, Buffer.from('{"a":"\xff"}', "latin1").toString("base64url")),
    UNDECODABLE,
  ],
  "a header with an empty object": [withHeader({}), INVALID],
  "alg none": [`${encode({ alg: "none" })}.${PAYLOAD}.`, INVALID],
  "alg none with a signature": [withHeader({ alg: "none" }), INVALID],
  "alg None": [`${encode({ alg: "None" })}.${PAYLOAD}.`, INVALID],
  "alg NONE": [withHeader({ alg: "NONE" }), INVALID],
  "alg nOnE with typ": [withHeader({ typ: "JWT", alg: "nOnE" }), INVALID],
  "an empty alg": [withHeader({ alg: "" }), INVALID],
  "alg null": [withHeader({ alg: null }), INVALID],
  "alg in a list": [withHeader({ alg: ["HS256"] }), INVALID],
  "alg in other capitals": [withHeader({ alg: "hs256" }), INVALID],
  "HS512 with the right secret": [forge(CLAIMS, { header: { alg: "HS512" }, hash: "sha512" }), INVALID],
  "HS384 with the right secret": [forge(CLAIMS, { header: { alg: "HS384" }, hash: "sha384" }), INVALID],
  "RS256, signed with the secret": [withHeader({ alg: "RS256" }), INVALID],
  "alg dir, as of a JWE": [withHeader({ alg: "dir", enc: "A256GCM" }), INVALID],
  "a key of its own": [withHeader({ alg: "HS256", jwk: { kty: "oct", k: encode("other") } }), INVALID],
  "a place for keys": [withHeader({ alg: "HS256", jku: "https://example.org/keys" }), INVALID],
  "a certificate": [withHeader({ alg: "HS256", x5c: ["MII="] }), INVALID],
  "a place for certificates": [withHeader({ alg: "HS256", x5u: "https://example.org/cert" }), INVALID],
  "critical extensions": [withHeader({ alg: "HS256", crit: ["exp"], exp: 1 }), INVALID],
  "no critical extensions": [withHeader({ alg: "HS256", crit: [] }), INVALID],
  "an unencoded payload": [withHeader({ alg: "HS256", b64: false, crit: ["b64"] }), INVALID],
  "b64 alone": [withHeader({ alg: "HS256", b64: true }), INVALID],
  compression: [withHeader({ alg: "HS256", zip: "DEF" }), INVALID],
  "8,193 characters": [ofLength(8193), UNDECODABLE],
  "a million characters": [ofLength(1_000_001), UNDECODABLE],
};

/** The character with the same significant bits as this one, and others behind them. */
function strayBits(character: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return alphabet[alphabet.indexOf(character) + 1] ?? "";
}

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

  for (const [name, [token, refusal]] of Object.entries(REFUSED)) {
    it(`is refused with ${name}`, async () => {
      expect(await refusalOf(token)).to.equal(refusal);
    });
  }

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

  for (const typ of ["JWT", "at+JWT", "AT+JWT", "application/at+jwt", "dpop+jwt", "", null, undefined, ["at+jwt"]]) {
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
});

describe("verify: false", () => {
  const unverified = { verify: false } as const;

  it("takes any signature, and nothing else that is wrong", async () => {
    expect(await refusalOf(forge(CLAIMS, { secret: "other" }), unverified)).to.equal("accepted");
    expect(await refusalOf(`${HEADER}.${PAYLOAD}.AAAA`, unverified)).to.equal("accepted");
    for (const name of [
      "alg none",
      "five parts, as of a JWE",
      "a key of its own",
      "a payload that is a list",
      "no signature",
    ]) {
      const [token = "", refusal] = REFUSED[name] ?? [];
      expect(await refusalOf(token, unverified), name).to.equal(refusal);
    }
    const expired = forge({ ...CLAIMS, exp: NOW }, { secret: "other" });
    const refusal = "TOKEN_EXPIRED: Signature has expired";
    expect(await refusalOf(expired, { ...unverified, verifyExpiration: true })).to.equal(refusal);
  });
});
