import { createSecretKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from "node:crypto";

import { expect } from "chai";

import type { Algorithm } from "../../src/settings/algorithms.js";
import { createSettings } from "../../src/settings/create-settings.js";
import { InvalidValue } from "../../src/settings/invalid-value.js";
import { parseKeySet, parsePublicKeySet } from "../../src/settings/jwk-set.js";
import { problemsOf } from "./problems-of.js";
import { PAIRS, sample } from "./sample-keys.js";

const RSA_3 = sample(generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 3 }));
const EXPONENT = "is an RSA key whose public exponent is not odd and from 65537 to 2^256";

const jwk = (key: KeyObject, members: object = {}): JsonWebKey => ({ ...key.export({ format: "jwk" }), ...members });
const setOf = (...keys: object[]) => JSON.stringify({ keys });
const withExponent = (bytes: Buffer) => jwk(PAIRS.rsa.publicKey, { e: bytes.toString("base64url") });
const octets = (bytes: number, members: object = {}) => jwk(createSecretKey(Buffer.alloc(bytes, 7)), members);

function refusal(parse: (text: string, algorithm: Algorithm) => unknown, text: string, algorithm: Algorithm): string {
  try {
    parse(text, algorithm);
  } catch (error) {
    if (error instanceof InvalidValue) return error.message;
    throw error;
  }
  return "accepted";
}

describe("the strength of keys", () => {
  /** Asymmetric keys, whichever way they come in. */
  const WEAK: readonly [string, Algorithm, JsonWebKey, string][] = [
    [
      "RSA of 1024 bits",
      "RS256",
      jwk(PAIRS.rsa1024.publicKey),
      "is an RSA key of 1024 bits, but RS256 needs 2048 or more",
    ],
    ["RSA with the exponent 3", "PS256", jwk(RSA_3.publicKey), EXPONENT],
    ["RSA with an even exponent", "RS256", withExponent(Buffer.from([1, 0, 0])), EXPONENT],
    ["RSA with the exponent 1", "RS256", withExponent(Buffer.from([1])), EXPONENT],
    ["RSA with an exponent above 2^256", "RS256", withExponent(Buffer.alloc(33, 1)), EXPONENT],
  ];
  const MISFIT: readonly [string, Algorithm, JsonWebKey, string][] = [
    [
      "another curve",
      "ES256",
      jwk(PAIRS.p384.publicKey),
      "is an EC key on the curve P-384, but ES256 needs an EC key on the curve P-256",
    ],
    ["Ed448", "EdDSA", jwk(PAIRS.ed448.publicKey), "is a key of the type ed448, but EdDSA needs an Ed25519 key"],
    [
      "another type",
      "EdDSA",
      jwk(PAIRS.p256.publicKey),
      "is an EC key on the curve P-256, but EdDSA needs an Ed25519 key",
    ],
    ["another alg", "RS256", jwk(PAIRS.rsa.publicKey, { alg: "PS256" }), "has an alg other than RS256"],
    ["use: enc", "RS256", jwk(PAIRS.rsa.publicKey, { use: "enc" }), "has a use other than sig"],
    [
      "key_ops that are others",
      "EdDSA",
      jwk(PAIRS.ed25519.publicKey, { key_ops: ["sign"] }),
      "has key_ops without verify",
    ],
    [
      "key_ops that are no list",
      "EdDSA",
      jwk(PAIRS.ed25519.publicKey, { key_ops: "verify" }),
      "has key_ops without verify",
    ],
    [
      "a kid that is a number",
      "EdDSA",
      jwk(PAIRS.ed25519.publicKey, { kid: 7 }),
      "has a kid that is not text of 1 to 128 characters",
    ],
    [
      "a kid that is too long",
      "EdDSA",
      jwk(PAIRS.ed25519.publicKey, { kid: "k".repeat(129) }),
      "has a kid that is not text of 1 to 128 characters",
    ],
    [
      "an empty kid",
      "EdDSA",
      jwk(PAIRS.ed25519.publicKey, { kid: "" }),
      "has a kid that is not text of 1 to 128 characters",
    ],
  ];

  for (const [what, algorithm, key, problem] of [...WEAK, ...MISFIT]) {
    it(`is checked in the setting publicKey: ${what}`, async () => {
      expect(await problemsOf({ values: { algorithm, publicKey: key } })).to.deep.equal([`publicKey ${problem}`]);
    });

    it(`is checked in a key set: ${what}`, () => {
      const name =
        typeof key["kid"] === "string"
          ? `has the key ${JSON.stringify(key["kid"].slice(0, 64))} that`
          : "has a key that";
      expect(refusal(parseKeySet, setOf(key), algorithm)).to.equal(`${name} ${problem}`);
    });
  }

  for (const [what, algorithm, key, problem] of WEAK) {
    it(`is checked in a JWKS: ${what}, and no other key of it is believed`, () => {
      const text = setOf(jwk(PAIRS.rsa.publicKey, { kid: "good" }), key);
      expect(refusal(parsePublicKeySet, text, algorithm)).to.equal(`has a key that ${problem}`);
    });
  }

  for (const [what, algorithm, key] of MISFIT) {
    it(`passes over a key of a JWKS that is for something else: ${what}`, () => {
      expect(refusal(parsePublicKeySet, setOf(key), algorithm)).to.equal(`has no key for ${algorithm}`);
      const good = { RS256: PAIRS.rsa, ES256: PAIRS.p256, EdDSA: PAIRS.ed25519 }[algorithm as "RS256"];
      const kids = parsePublicKeySet(setOf(key, jwk(good.publicKey, { kid: "good" })), algorithm).map(({ kid }) => kid);
      expect(kids).to.deep.equal(["good"]);
    });
  }

  for (const [algorithm, bytes] of [
    ["HS256", 32],
    ["HS384", 48],
    ["HS512", 64],
  ] as const) {
    it(`is checked of a secret of ${algorithm}: as long as its hash`, async () => {
      expect(refusal(parseKeySet, setOf(octets(bytes)), algorithm)).to.equal("accepted");
      expect(refusal(parseKeySet, setOf(octets(bytes - 1)), algorithm)).to.equal(
        `has a key that has ${bytes - 1} bytes, but ${algorithm} needs ${bytes} or more`,
      );
      const values = { algorithm, secretKey: octets(bytes - 1) };
      expect(await problemsOf({ values, defaultProfile: "hardened" })).to.deep.equal([
        `secretKey has ${bytes - 1} bytes: a secret needs ${bytes < 32 ? 32 : bytes} or more`,
      ]);
      await createSettings({ values: { algorithm, secretKey: octets(bytes) }, defaultProfile: "hardened" });
    });
  }

  it("is checked of the JWK of a secret", async () => {
    expect(await problemsOf({ values: { secretKey: octets(64, { alg: "HS512" }) } })).to.deep.equal([
      "secretKey has an alg other than HS256",
    ]);
    expect(await problemsOf({ values: { secretKeyFallbacks: [octets(64, { use: "enc" })] } })).to.deep.equal([
      "secretKeyFallbacks has a use other than sig",
    ]);
  });

  const { d: _, ...withoutD } = jwk(PAIRS.rsa.privateKey);
  for (const [what, key] of [
    ["a private key", jwk(PAIRS.rsa.privateKey)],
    ["an RSA key without d and with its primes", withoutD],
    ["an Ed25519 key with d", jwk(PAIRS.ed25519.privateKey)],
    ...(["d", "p", "q", "dp", "dq", "qi"] as const).map(
      (member) =>
        [
          `an RSA key with ${member}`,
          jwk(PAIRS.rsa.publicKey, { [member]: jwk(PAIRS.rsa.privateKey)[member] }),
        ] as const,
    ),
    ["a secret", octets(32)],
    ["a private part of a type that nobody knows", { kty: "AKP", priv: "secret" }],
  ] as const) {
    it(`refuses a private part in a public place: ${what}`, async () => {
      const text = setOf(jwk(PAIRS.rsa.publicKey), key);
      expect(refusal(parsePublicKeySet, text, "RS256")).to.equal(
        "has a key that has a private part, which must never be published",
      );
      if (key.kty === "AKP") return;
      const half = key.kty === "oct" ? "secret" : "private";
      expect(await problemsOf({ values: { algorithm: "RS256", publicKey: key } })).to.deep.equal([
        `publicKey must be a public key, but is a ${half} key`,
      ]);
    });
  }

  it("refuses two keys with one kid", () => {
    const keys = [PAIRS.p256, PAIRS.otherP256].map(({ privateKey }) => jwk(privateKey, { kid: "one" }));
    expect(refusal(parseKeySet, setOf(...keys), "ES256")).to.equal('has two keys with the kid "one"');
    const published = [PAIRS.p256, PAIRS.otherP256].map(({ publicKey }) => jwk(publicKey, { kid: "one" }));
    expect(refusal(parsePublicKeySet, setOf(...published), "ES256")).to.equal('has two keys with the kid "one"');
  });

  const NO_SET = 'must be a JWK Set, {"keys": […]}, with at most 100 keys';
  for (const [what, text] of [
    ["nothing", ""],
    ["no JSON", '{"keys": [{"kty": "oct", "k": "c2VjcmV0'],
    ["a JWK", JSON.stringify(octets(32))],
    ["a list", "[]"],
    ["null", "null"],
    ["keys that are none", '{"keys": ["a"]}'],
    ["101 keys", setOf(...Array.from({ length: 101 }, () => octets(32)))],
    ["a text that is too long", setOf(octets(32)) + " ".repeat(262_144)],
  ] as const) {
    it(`takes no JWK Set: ${what}, and shows nothing of it`, () => {
      for (const parse of [parseKeySet, parsePublicKeySet]) expect(refusal(parse, text, "HS256")).to.equal(NO_SET);
    });
  }

  for (const time of [-1, 1.5, "1704067200", null, 1e300]) {
    it(`takes no time of ${JSON.stringify(time)} in a key set`, () => {
      for (const member of ["signs_from", "verifies_until"]) {
        expect(refusal(parseKeySet, setOf(octets(32, { kid: "a", [member]: time })), "HS256")).to.equal(
          `has the key "a" that has a ${member} that is no time in whole Unix seconds`,
        );
      }
    });
  }
});

describe("the places of keys", () => {
  const algorithm = "EdDSA";

  for (const jwks of [
    "https://issuer.example/.well-known/jwks.json",
    "http://127.0.0.1:4000/.well-known/jwks.json",
    "http://localhost/jwks",
    "http://[::1]:80/jwks",
  ]) {
    it(`takes the JWKS at ${jwks}`, async () => {
      expect((await createSettings({ values: { algorithm, jwks } })).settings.jwks).to.equal(jwks);
    });
  }

  for (const jwks of [
    "http://issuer.example/jwks",
    "http://127.0.0.1.evil.example/jwks",
    "http://localhost.evil.example/jwks",
    "http://127.0.0.1@evil.example/jwks",
    "https://user:hunter2@issuer.example/jwks",
    "ftp://issuer.example/jwks",
    "data:application/json,{}",
    "https:",
    "",
  ]) {
    it(`takes no JWKS at ${JSON.stringify(jwks)}`, async () => {
      const [problem = ""] = await problemsOf({ values: { algorithm, jwks } });
      expect(problem).to.match(/^jwks must be the path of a file, or a URL with https: \(http: on this machine only\)/);
      expect(problem).not.to.include("hunter2");
    });
  }

  it("makes paths absolute", async () => {
    const values = { algorithm, keySet: "file:keys/set.json" } as const;
    const { settings } = await createSettings({ values, directory: "/somewhere" });
    expect(settings.keySet).to.equal("/somewhere/keys/set.json");
  });

  it("are not given together", async () => {
    const values = { algorithm, jwks: "jwks.json", keySet: "keys.json", privateKey: PAIRS.ed25519.privateKey } as const;
    const problem = "must not be given beside";
    const [first = "", second = ""] = await problemsOf({ values });
    expect(first).to.equal(`jwks ${problem} keySet: it is for a process that verifies with the keys of another`);
    expect(second).to.equal(`jwks ${problem} privateKey: it is for a process that verifies with the keys of another`);
    expect(await problemsOf({ values: { jwks: "jwks.json" } })).to.deep.equal([
      "jwks needs an asymmetric algorithm: whoever can verify HS256 can sign too, so its key is never published",
    ]);
  });
});
