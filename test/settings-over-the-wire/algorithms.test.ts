import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { join } from "node:path";

import { expect } from "chai";

import { ALGORITHM_NAMES, type Algorithm } from "../../src/settings/algorithms.js";
import { PAIRS, sample, type SamplePair } from "../settings/sample-keys.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { NOW } from "../support/test-context.js";
import { headerOf, isSignedBy, sign } from "./jwt.js";
import { FACES, outcomeOf, WireClient } from "./wire-client.js";
import { withContext } from "./with-context.js";

const OTHER_ED25519 = sample(generateKeyPairSync("ed25519"));

/** Each algorithm with a pair of keys for it, and another one. */
const ASYMMETRIC: readonly [readonly [Algorithm, ...Algorithm[]], SamplePair, SamplePair][] = [
  [
    ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
    PAIRS.rsa,
    sample(generateKeyPairSync("rsa", { modulusLength: 2048 })),
  ],
  [["ES256"], PAIRS.p256, PAIRS.otherP256],
  [["ES384"], PAIRS.p384, sample(generateKeyPairSync("ec", { namedCurve: "P-384" }))],
  [["ES512"], PAIRS.p521, sample(generateKeyPairSync("ec", { namedCurve: "P-521" }))],
  [["EdDSA"], PAIRS.ed25519, OTHER_ED25519],
];
const SYMMETRIC: readonly Algorithm[] = ["HS256", "HS384", "HS512"];
const SECRET = "a secret of 64 bytes, so that it is as long as every hash: 567890";
const OTHER_SECRET = SECRET.toUpperCase();

/** What another holder of the keys signs and verifies with. */
interface Keys {
  readonly signing: string;
  readonly verifying: string;
  /** Of somebody else. */
  readonly foreign: string;
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
const jwkText = (key: KeyObject) => JSON.stringify(key.export({ format: "jwk" }));
const rawBytes = (key: KeyObject, member: "d" | "x") => key.export({ format: "jwk" })[member] ?? "";

describe("the algorithms", () => {
  const { path, write } = temporaryDirectory();

  async function inFile(name: string, text: string): Promise<string> {
    await write(name, `${text}\n`);
    return `file:${join(path(), name)}`;
  }

  /** The spellings of a pair of keys. */
  const PAIR_FORMS: Readonly<Record<string, (pair: SamplePair) => Promise<readonly [string, string]>>> = {
    PEM: async ({ privatePem, publicPem }) => [privatePem, publicPem],
    "PEM with \\n written out": async ({ privatePem, publicPem }) => [
      privatePem.replaceAll("\n", "\\n"),
      publicPem.replaceAll("\n", "\\n"),
    ],
    JWK: async ({ privateKey, publicKey }) => [jwkText(privateKey), jwkText(publicKey)],
    "base64 of PEM": async ({ privatePem, publicPem }) => [base64(privatePem), base64(publicPem)],
    "base64 of JWK": async ({ privateKey, publicKey }) => [base64(jwkText(privateKey)), base64(jwkText(publicKey))],
    "files of PEM": async ({ privatePem, publicPem }) => [
      await inFile("private.pem", privatePem),
      await inFile("public.pem", publicPem),
    ],
    "files of JWK": async ({ privateKey, publicKey }) => [
      await inFile("private.json", jwkText(privateKey)),
      await inFile("public.json", jwkText(publicKey)),
    ],
  };
  const SECRET_FORMS: Readonly<Record<string, () => Promise<string>>> = {
    text: async () => SECRET,
    base64: async () => `base64:${base64(SECRET)}`,
    JWK: async () => JSON.stringify({ kty: "oct", k: Buffer.from(SECRET).toString("base64url") }),
    "a file": () => inFile("secret.txt", SECRET),
    "a file of JWK": () => inFile("secret.json", JSON.stringify({ kty: "oct", k: base64(SECRET) })),
  };

  /** Logs in, uses the token and verifies it over both APIs; another library reads our tokens, and we its. */
  async function works(algorithm: Algorithm, environment: Readonly<Record<string, string>>, keys: Keys) {
    await withContext({ environment: { JWT_ALGORITHM: algorithm, ...environment } }, async (context) => {
      for (const face of FACES) {
        const client = await WireClient.create(face, context);
        const token = await client.newToken();
        const claims = { username: client.username, exp: NOW + 60 };
        const { kid, ...header } = headerOf(token);
        expect(header).to.deep.equal({ alg: algorithm, typ: "JWT" });
        expect(kid).to.match(/^[\w-]{12,43}$/);
        expect(isSignedBy(token, keys.verifying, algorithm)).to.equal(true);
        expect(await client.whoIs(token)).to.equal("the user");
        expect(outcomeOf(await client.call("verifyToken", { args: { token }, fields: "payload" }))).to.equal("done");
        expect(await client.whoIs(sign(claims, keys.signing, algorithm))).to.equal("the user");
        expect(await client.whoIs(sign(claims, keys.foreign, algorithm))).to.equal("401 Invalid token");
      }
    });
  }

  for (const [algorithms, pair, other] of ASYMMETRIC) {
    const keys = { signing: pair.privatePem, verifying: pair.publicPem, foreign: other.privatePem };
    for (const algorithm of algorithms) {
      // What is in a key does not depend on the algorithm of its type.
      const forms = Object.entries(PAIR_FORMS).slice(0, algorithm === algorithms[0] ? undefined : 1);
      for (const [form, keysAs] of forms) {
        it(`${algorithm} works, with the keys as ${form}`, async () => {
          const [JWT_PRIVATE_KEY, JWT_PUBLIC_KEY] = await keysAs(pair);
          await works(algorithm, { JWT_PRIVATE_KEY, JWT_PUBLIC_KEY }, keys);
        });
      }
    }

    it(`${algorithms[0]} works, with the private key alone`, () =>
      works(algorithms[0], { JWT_PRIVATE_KEY: pair.privatePem }, keys));
  }

  it("EdDSA works, with the keys as the base64 of their 32 bytes", async () => {
    const { privateKey, publicKey, privatePem, publicPem } = PAIRS.ed25519;
    const environment = { JWT_PRIVATE_KEY: rawBytes(privateKey, "d"), JWT_PUBLIC_KEY: rawBytes(publicKey, "x") };
    const keys = { signing: privatePem, verifying: publicPem, foreign: OTHER_ED25519.privatePem };
    await works("EdDSA", environment, keys);
  });

  for (const algorithm of SYMMETRIC) {
    for (const [form, secretAs] of Object.entries(SECRET_FORMS)) {
      it(`${algorithm} works, with the secret as ${form}`, async () => {
        const keys = { signing: SECRET, verifying: SECRET, foreign: OTHER_SECRET };
        await works(algorithm, { JWT_SECRET_KEY: await secretAs() }, keys);
      });
    }
  }

  it("are all here", () => {
    const here = [...SYMMETRIC, ...ASYMMETRIC.flatMap(([algorithms]) => algorithms)];
    expect(here).to.have.members(ALGORITHM_NAMES);
  });
});
