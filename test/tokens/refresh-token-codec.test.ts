import { createHash, createHmac, createSecretKey, generateKeyPairSync, hkdfSync, randomBytes } from "node:crypto";
import { expect } from "chai";
import * as fc from "fast-check";
import { RefreshTokenCodec } from "../../src/tokens/refresh-token-codec.js";

const SECRET = createSecretKey(Buffer.from("a secret key of thirty-two bytes"));
const OLD_SECRET = createSecretKey(Buffer.from("the secret key before this one.."));
const codec = new RefreshTokenCodec(SECRET, []);
const oldCodec = new RefreshTokenCodec(OLD_SECRET, []);

const randoms = fc.uint8Array({ minLength: 16, maxLength: 64 }).map((bytes) => Buffer.from(bytes));
const generations = fc.nat(2 ** 31 - 1);
const tokens = fc.tuple(randoms, generations).map(([random, generation]) => codec.issue(random, generation));

/** A token of any bytes with a good MAC, as this format has it. */
function sign(body: Buffer): string {
  const key = Buffer.from(hkdfSync("sha256", SECRET, "", "janus refresh-token mac v1", 32));
  return Buffer.concat([body, createHmac("sha256", key).update(body).digest()]).toString("base64url");
}

describe("RefreshTokenCodec", () => {
  it("writes the same token for the same session and generation, byte for byte", () => {
    const random = Buffer.from("000102030405060708090a0b0c0d0e0f10111213", "hex");
    const token = codec.issue(random, 258);
    expect(token).to.equal(sign(Buffer.concat([random, Buffer.from([0, 0, 1, 2])])));
    expect(token).to.equal(new RefreshTokenCodec(SECRET, [OLD_SECRET]).issue(random, 258));
    expect(token).to.match(/^AAECAwQFBgcICQoLDA0ODxAREhMAAAEC[\w-]{43}$/);
  });

  it("reads what it wrote", () => {
    fc.assert(
      fc.property(randoms, generations, (random, generation) => {
        const hash = createHash("sha256").update(random).digest();
        expect(codec.hash(random)).to.deep.equal(hash);
        expect(codec.parse(codec.issue(random, generation))).to.deep.equal({ random, hash, generation });
      }),
    );
  });

  it("computes the successor from the token alone", () => {
    fc.assert(
      fc.property(randoms, fc.nat(1000), (random, generation) => {
        const parsed = codec.parse(codec.issue(random, generation));
        expect(parsed && codec.issue(parsed.random, parsed.generation + 1)).to.equal(
          codec.issue(random, generation + 1),
        );
      }),
    );
  });

  it("refuses a token with any one bit changed", () => {
    const token = codec.issue(randomBytes(20), 3);
    const bytes = Buffer.from(token, "base64url");
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(codec.parse(changed.toString("base64url")), `bit ${bit}`).to.equal(null);
    }
  });

  it("refuses a token with any one character changed, removed or inserted", () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. \n\u0000é";
    const characters = fc.constantFrom(...alphabet.split(""));
    fc.assert(
      fc.property(
        tokens,
        fc.nat(),
        characters,
        fc.constantFrom(0, 1),
        fc.boolean(),
        (token, at, character, cut, put) => {
          const index = at % token.length;
          const changed = token.slice(0, index) + (put ? character : "") + token.slice(index + cut);
          fc.pre(changed !== token);
          expect(codec.parse(changed)).to.equal(null);
        },
      ),
    );
  });

  it("refuses a token that is cut or extended", () => {
    fc.assert(
      fc.property(tokens, fc.nat(), fc.string({ minLength: 1 }), (token, length, more) => {
        expect(codec.parse(token.slice(0, length % token.length))).to.equal(null);
        expect(codec.parse(token.slice(1 + (length % token.length)))).to.equal(null);
        expect(codec.parse(token + more)).to.equal(null);
        expect(codec.parse(more + token)).to.equal(null);
      }),
    );
  });

  it("refuses every other spelling of the same bytes", () => {
    const random = Buffer.alloc(16, 0xff); // its base64 has "/" where base64url has "_"
    const token = codec.issue(random, 0);
    const bytes = Buffer.from(token, "base64url");
    const last = token.slice(-1);
    const stray = String.fromCharCode(last.charCodeAt(0) + 1); // of the six bits of the last character four are unused
    expect(Buffer.from(token.slice(0, -1) + stray, "base64url")).to.deep.equal(bytes);
    for (const spelling of [
      bytes.toString("base64"),
      bytes.toString("base64").replace(/=+$/, ""),
      `${token}==`,
      `${token}=`,
      ` ${token}`,
      `${token}\n`,
      `${token.slice(0, 8)}\n${token.slice(8)}`,
      token.slice(0, -1) + stray,
    ]) {
      expect(Buffer.from(spelling, "base64url"), spelling).to.deep.equal(bytes);
      expect(codec.parse(spelling), spelling).to.equal(null);
    }
  });

  it("refuses anything else", () => {
    fc.assert(fc.property(fc.string({ maxLength: 2000 }), (text) => codec.parse(text) === null));
    for (const length of [0, 32, 51, 52, 56, 72, 1060, 1061]) {
      expect(codec.parse(randomBytes(length).toString("base64url"))).to.equal(null);
      expect(codec.parse(Buffer.alloc(length).toString("base64url"))).to.equal(null);
    }
  });

  it("refuses what has a good MAC and is out of bounds", () => {
    const zero = Buffer.alloc(4);
    const body = (bytes: number, generation = zero) => Buffer.concat([randomBytes(bytes), generation]);
    expect(codec.parse(sign(body(16)))).to.not.equal(null);
    expect(codec.parse(sign(body(15)))).to.equal(null);
    expect(codec.parse(sign(body(1024)))).to.not.equal(null);
    expect(codec.parse(sign(body(1025)))).to.equal(null);
    expect(codec.parse(sign(body(16, Buffer.from("7fffffff", "hex"))))).to.have.property("generation", 2 ** 31 - 1);
    expect(codec.parse(sign(body(16, Buffer.from("80000000", "hex"))))).to.equal(null);
  });

  it("accepts the tokens of older keys, and writes none", () => {
    const random = codec.generateRandom(20);
    const rotated = new RefreshTokenCodec(SECRET, [createSecretKey(randomBytes(32)), OLD_SECRET]);
    const old = oldCodec.issue(random, 4);
    expect(codec.parse(old)).to.equal(null);
    expect(rotated.parse(old)).to.include({ generation: 4 });
    expect(rotated.parse(codec.issue(random, 4))).to.include({ generation: 4 });
    expect(rotated.issue(random, 4)).to.equal(codec.issue(random, 4));
    expect(oldCodec.parse(rotated.issue(random, 4))).to.equal(null);
  });

  it("makes random parts of 16 to 1024 bytes, never the same twice", () => {
    expect(codec.generateRandom(16)).to.have.length(16);
    expect(codec.generateRandom(1024)).to.have.length(1024);
    expect(codec.generateRandom(16)).to.not.deep.equal(codec.generateRandom(16));
    const message = "A refresh token takes 16 to 1024 random bytes";
    for (const bytes of [0, 15, 1025, 16.5, Number.NaN]) {
      expect(() => codec.generateRandom(bytes)).to.throw(RangeError, message);
    }
    expect(() => codec.issue(Buffer.alloc(15), 0)).to.throw(RangeError, message);
    expect(() => codec.issue(Buffer.alloc(1025), 0)).to.throw(RangeError, message);
  });

  it("counts generations from 0 to 2147483647", () => {
    const message = "The generation of a refresh token must be an integer from 0 to 2147483647";
    for (const generation of [-1, 2 ** 31, 0.5, Number.NaN]) {
      expect(() => codec.issue(Buffer.alloc(16), generation)).to.throw(RangeError, message);
    }
  });

  it("takes secret keys only", () => {
    const { publicKey } = generateKeyPairSync("ed25519");
    const message = "Refresh tokens take a secret key, not a public or private one";
    expect(() => new RefreshTokenCodec(publicKey, [])).to.throw(TypeError, message);
    expect(() => new RefreshTokenCodec(SECRET, [publicKey])).to.throw(TypeError, message);
  });
});
