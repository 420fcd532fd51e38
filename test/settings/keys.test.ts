import { createSecretKey, KeyObject } from "node:crypto";
import { join } from "node:path";
import { inspect } from "node:util";

import { expect } from "chai";

import type { KeySource } from "../../src/settings/input.js";
import { InvalidValue } from "../../src/settings/invalid-value.js";
import { parsePrivateKey, parsePublicKey, parseSecretKey } from "../../src/settings/keys.js";
import { PAIRS } from "./sample-keys.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

const KEY = "must be a PEM, a JWK, the base64 of either or of 32 Ed25519 bytes, or file: and a path";
const DAMAGED = "must be a PEM of a key, but its content cannot be read";
const TRUNCATED = "must be a whole PEM, but its -----END line is missing";

const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");
const base64url = (text: string | Buffer) => Buffer.from(text).toString("base64url");
const jwk = (key: KeyObject) => key.export({ format: "jwk" });
const octJwk = (bytes: string) => ({ kty: "oct", k: base64url(bytes) });

function refusal(parse: (source: KeySource, directory?: string) => KeyObject, source: KeySource, directory?: string) {
  let key: KeyObject;
  try {
    key = parse(source, directory);
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    return error.message;
  }
  return expect.fail(`not refused: ${inspect(key)}`);
}

describe("parseSecretKey", () => {
  const { path, write } = temporaryDirectory();

  for (const [title, source, bytes] of [
    ["text as its UTF-8 bytes", "grüße", "grüße"],
    ["text that is base64 too, undecoded", "c2VjcmV0", "c2VjcmV0"],
    ["hexadecimal text, undecoded", "deadbeefdeadbeef", "deadbeefdeadbeef"],
    ["text with spaces around it", " secret ", " secret "],
    ["text that begins like JSON", '{"kty": 1}', '{"kty": 1}'],
    ["base64:", `base64:${base64("se?>cret")}`, "se?>cret"],
    ["base64: of base64url without padding", `base64:${base64url("se?>cret")}`, "se?>cret"],
    ["an oct JWK", octJwk("secret"), "secret"],
    ["an oct JWK as JSON", JSON.stringify(octJwk("secret")), "secret"],
    ["the base64 of an oct JWK", base64(JSON.stringify(octJwk("secret"))), "secret"],
    ["the base64url of an oct JWK", base64url(JSON.stringify(octJwk("secret"))), "secret"],
    ["a KeyObject", createSecretKey("secret", "utf8"), "secret"],
  ] as const) {
    it(`reads ${title}`, () => {
      expect(parseSecretKey(source).export().toString()).to.equal(bytes);
    });
  }

  for (const [title, content, bytes] of [
    ["text without its one newline", "secret\n", "secret"],
    ["text without its one newline of Windows", "secret\r\n", "secret"],
    ["text with all but one newline", "secret\n\n", "secret\n"],
    ["base64:", `base64:${base64("secret")}\n`, "secret"],
    ["an oct JWK", `${JSON.stringify(octJwk("secret"), null, 2)}\n`, "secret"],
    ["text that looks like a file again", "file:secret", "file:secret"],
  ] as const) {
    it(`reads ${title} from a file`, async () => {
      await write("secret.txt", content);
      expect(parseSecretKey("file:secret.txt", path()).export().toString()).to.equal(bytes);
      expect(
        parseSecretKey(`file:${join(path(), "secret.txt")}`)
          .export()
          .toString(),
      ).to.equal(bytes);
    });
  }

  for (const [title, source, message] of [
    ["nothing", "", "must not be empty"],
    ["a KeyObject of no bytes", createSecretKey(Buffer.alloc(0)), "must not be empty"],
    ["base64: of nothing", "base64:", "must be base64 or base64url after base64:"],
    ["base64: of something else", "base64:not base64!", "must be base64 or base64url after base64:"],
    ["base64: of an impossible length", "base64:abcde", "must be base64 or base64url after base64:"],
    ["a public PEM", PAIRS.rsa.publicPem, "must be a secret, but is a PEM"],
    ["a private PEM", PAIRS.rsa.privatePem, "must be a secret, but is a PEM"],
    ["a PEM in base64", base64(PAIRS.rsa.publicPem), "must be a secret, but is a PEM"],
    ["a public JWK", jwk(PAIRS.p256.publicKey), "must be a secret, but is a JWK of another type than oct"],
    [
      "a JWK as JSON",
      JSON.stringify(jwk(PAIRS.rsa.publicKey)),
      "must be a secret, but is a JWK of another type than oct",
    ],
    ["an object that is no JWK", {}, "must be a secret, but is a JWK of another type than oct"],
    ["an oct JWK without k", { kty: "oct" }, "must be an oct JWK whose k is the base64url of bytes"],
    ["an oct JWK with an empty k", { kty: "oct", k: "" }, "must be an oct JWK whose k is the base64url of bytes"],
    ["a public KeyObject", PAIRS.p256.publicKey, "must be a secret, but is a public key"],
    ["a private KeyObject", PAIRS.p256.privateKey, "must be a secret, but is a private key"],
    ["a file that is missing", "file:missing.txt", "names a file that does not exist: missing.txt"],
    ["a file without a name", "file:", "must name a file after file:"],
  ] as const) {
    it(`refuses ${title}`, () => {
      expect(refusal(parseSecretKey, source)).to.equal(message);
    });
  }

  it("refuses a file that is empty, binary or a directory", async () => {
    await write("empty.txt", "");
    await write("newline.txt", "\n");
    await write("binary.bin", Buffer.from([0xff, 0xfe, 0x00]));
    expect(refusal(parseSecretKey, "file:empty.txt", path())).to.equal("names an empty file: empty.txt");
    expect(refusal(parseSecretKey, "file:newline.txt", path())).to.equal("names an empty file: newline.txt");
    expect(refusal(parseSecretKey, "file:binary.bin", path())).to.equal("names a file that is not text: binary.bin");
    expect(refusal(parseSecretKey, "file:.", path())).to.equal("names a file that cannot be read (EISDIR): .");
  });

  it("never prints its content", () => {
    expect(inspect(parseSecretKey("hunter2"), { depth: 9, showHidden: true })).not.to.include("hunter2");
    expect(JSON.stringify(parseSecretKey("hunter2"))).to.equal("{}");
  });
});

for (const half of ["public", "private"] as const) {
  const parse = half === "public" ? parsePublicKey : parsePrivateKey;
  const name = half === "public" ? "parsePublicKey" : "parsePrivateKey";
  const other = half === "public" ? "private" : "public";

  describe(name, () => {
    const { path, write } = temporaryDirectory();

    for (const type of ["rsa", "p256", "p384", "p521", "ed25519"] as const) {
      const key = PAIRS[type][`${half}Key`];
      const otherKey = PAIRS[type][`${other}Key`];
      const pem = PAIRS[type][`${half}Pem`];
      const otherPem = PAIRS[type][`${other}Pem`];

      for (const [title, source] of [
        ["a PEM", pem],
        ["a PEM with text around it", `My key:\n${pem}\nKeep it.`],
        ["a PEM with Windows newlines", pem.replaceAll("\n", "\r\n")],
        ["a PEM in one line with \\n written out", pem.replaceAll("\n", "\\n")],
        ["the base64 of a PEM", base64(pem)],
        ["the base64url of a PEM", base64url(pem)],
        ["a JWK", jwk(key)],
        ["a JWK as JSON", JSON.stringify(jwk(key))],
        ["the base64 of a JWK", base64(JSON.stringify(jwk(key)))],
        ["a KeyObject", key],
      ] as const) {
        it(`reads ${title} (${type})`, () => {
          const parsed = parse(source);
          expect(parsed.type).to.equal(half);
          expect(parsed.equals(key)).to.equal(true);
        });
      }

      it(`reads files of all of these (${type})`, async () => {
        for (const content of [pem, base64(pem), JSON.stringify(jwk(key))]) {
          await write("key", `${content}\n`);
          expect(parse("file:key", path()).equals(key)).to.equal(true);
        }
      });

      for (const [title, source] of [
        ["PEM", otherPem],
        ["PEM in base64", base64(otherPem)],
        ["JWK", jwk(otherKey)],
        ["JWK as JSON", JSON.stringify(jwk(otherKey))],
        ["KeyObject", otherKey],
      ] as const) {
        it(`refuses a ${other} ${title} (${type})`, () => {
          expect(refusal(parse, source)).to.equal(`must be a ${half} key, but is a ${other} key`);
        });
      }
    }

    const pem = PAIRS.p256[`${half}Pem`];
    const lines = pem.trim().split("\n");
    for (const [title, source, message] of [
      ["nothing", "", "must not be empty"],
      ["text", "correct horse", `${KEY}, but is a string of 13 characters`],
      ["base64 of something else", base64("correct horse"), `${KEY}, but is a string of 20 characters`],
      ["31 bytes", base64(Buffer.alloc(31, 1)), `${KEY}, but is a string of 44 characters`],
      ["33 bytes", base64(Buffer.alloc(33, 1)), `${KEY}, but is a string of 44 characters`],
      ["a PEM without its end", lines.slice(0, -1).join("\n"), TRUNCATED],
      ["a PEM whose end is cut", pem.trim().slice(0, -3), TRUNCATED],
      ["only the begin of a PEM", `${lines[0]}`, TRUNCATED],
      ["a PEM without a line in the middle", [lines[0], lines.at(-1)].join("\nMFkw\n"), DAMAGED],
      ["an oct JWK", octJwk("secret"), `must be a ${half} key, but is a secret key`],
      ["a secret KeyObject", createSecretKey("secret", "utf8"), `must be a ${half} key, but is a secret key`],
      ["a missing file", "file:keys/missing.pem", "names a file that does not exist: keys/missing.pem"],
    ] as const) {
      it(`refuses ${title}`, () => {
        expect(refusal(parse, source)).to.equal(message);
      });
    }

    it("refuses a JWK that is not whole", () => {
      const { x: _, ...rest } = jwk(PAIRS.p256[`${half}Key`]);
      expect(refusal(parse, rest)).to.equal("must be a JWK of an RSA, EC or Ed25519 key, but cannot be read as one");
    });
  });
}

describe("the 32 bytes of an Ed25519 key", () => {
  const { x, d } = jwk(PAIRS.ed25519.privateKey);
  const bytes = (text: string | undefined) => Buffer.from(text ?? "", "base64url");

  it("are a public key, or a seed", () => {
    for (const encode of [base64, base64url]) {
      expect(parsePublicKey(encode(bytes(x))).equals(PAIRS.ed25519.publicKey)).to.equal(true);
      expect(parsePrivateKey(encode(bytes(d))).equals(PAIRS.ed25519.privateKey)).to.equal(true);
    }
  });
});

describe("PEMs of other kinds", () => {
  it("reads a traditional EC private key", () => {
    const pem = PAIRS.p256.privateKey.export({ type: "sec1", format: "pem" });
    expect(parsePrivateKey(String(pem)).equals(PAIRS.p256.privateKey)).to.equal(true);
  });

  it("reads traditional RSA keys", () => {
    const { publicKey, privateKey } = PAIRS.rsa;
    expect(parsePrivateKey(String(privateKey.export({ type: "pkcs1", format: "pem" }))).equals(privateKey)).to.equal(
      true,
    );
    expect(parsePublicKey(String(publicKey.export({ type: "pkcs1", format: "pem" }))).equals(publicKey)).to.equal(true);
  });

  it("refuses a private key with a passphrase", () => {
    const cipher = { cipher: "aes-256-cbc", passphrase: "hunter2" };
    const encrypted = PAIRS.p256.privateKey.export({ type: "pkcs8", format: "pem", ...cipher });
    const traditional = PAIRS.p256.privateKey.export({ type: "sec1", format: "pem", ...cipher });
    for (const pem of [encrypted, traditional]) {
      expect(refusal(parsePrivateKey, String(pem))).to.equal("must be a PEM without a passphrase");
      expect(refusal(parsePublicKey, String(pem))).to.equal("must be a public key, but is a private key");
    }
  });
});
