import { createPublicKey, type KeyObject } from "node:crypto";
import { expect } from "chai";
import { type Algorithm as FastJwtAlgorithm, createSigner } from "fast-jwt";
import { calculateJwkThumbprint } from "jose";
import type { Algorithm } from "../../src/settings/algorithms.js";
import type { JwtSettingsInput } from "../../src/settings/input.js";
import { PAIRS, type SamplePair } from "../settings/sample-keys.js";
import { decode, forge, SECRET_KEY, SECRET_KID } from "../support/forge.js";
import { accessTokens, NOW, refusalOf } from "./access-tokens-of.js";

const UNDECODABLE = "INVALID_TOKEN: Error decoding signature";
const INVALID = "INVALID_TOKEN: Invalid token";
const CLAIMS = { username: "alice", exp: NOW + 60, origIat: NOW };

const SYMMETRIC: Algorithm[] = ["HS256", "HS384", "HS512"];

const ASYMMETRIC: [algorithm: Algorithm, pair: SamplePair][] = [
  ["RS256", PAIRS.rsa],
  ["RS384", PAIRS.rsa],
  ["RS512", PAIRS.rsa],
  ["PS256", PAIRS.rsa],
  ["PS384", PAIRS.rsa],
  ["PS512", PAIRS.rsa],
  ["ES256", PAIRS.p256],
  ["ES384", PAIRS.p384],
  ["ES512", PAIRS.p521],
  ["EdDSA", PAIRS.ed25519],
];

interface Keys {
  readonly settings: JwtSettingsInput;
  /** As fast-jwt takes it. */
  readonly signWith: string;
}

const KEYS: [algorithm: Algorithm, keys: Keys][] = [
  ...SYMMETRIC.map((algorithm): [Algorithm, Keys] => [algorithm, { settings: { algorithm }, signWith: SECRET_KEY }]),
  ...ASYMMETRIC.map(([algorithm, { privateKey, privatePem }]): [Algorithm, Keys] => [
    algorithm,
    { settings: { algorithm, privateKey }, signWith: privatePem },
  ]),
];

describe("the algorithms of access tokens", () => {
  for (const [algorithm, { settings }] of KEYS) {
    describe(algorithm, () => {
      it("verifies what it signed, and no changed character of it", async () => {
        const { sign, verify } = await accessTokens(settings);
        const token = await sign(CLAIMS);
        const { kid, ...header } = decode(token, "header");
        expect(header).to.deep.equal({ alg: algorithm, typ: "JWT" });
        const published = settings.privateKey && createPublicKey(settings.privateKey as KeyObject);
        expect(kid).to.equal(published ? await calculateJwkThumbprint(published) : SECRET_KID);
        expect(await verify(token)).to.deep.equal(CLAIMS);
        const start = token.lastIndexOf(".") + 1;
        const changed = token.slice(0, start) + (token[start] === "B" ? "C" : "B") + token.slice(start + 1);
        expect(await refusalOf(changed, settings)).to.equal(UNDECODABLE);
      });

      it("refuses the tokens of every other algorithm", async () => {
        for (const [other, keys] of KEYS) {
          if (other === algorithm) continue;
          const token = createSigner({ key: keys.signWith, algorithm: other as FastJwtAlgorithm, noTimestamp: true })(
            CLAIMS,
          );
          expect(await refusalOf(token, settings), other).to.equal(INVALID);
        }
      });
    });
  }

  for (const [algorithm, { publicKey, privateKey }] of ASYMMETRIC) {
    it(`${algorithm} verifies with the public key alone, and cannot sign with it`, async () => {
      const token = await (await accessTokens({ algorithm, privateKey })).sign(CLAIMS);
      const verifier = await accessTokens({ algorithm, publicKey });
      expect(await verifier.verify(token)).to.deep.equal(CLAIMS);
      const outcome: unknown = await verifier.sign(CLAIMS).catch((error: unknown) => error);
      expect((outcome as Error).message).to.equal("Token issuing not supported");
    });
  }

  it("refuse the token of another key of the same kind", async () => {
    const token = await (
      await accessTokens({ algorithm: "ES256", privateKey: PAIRS.otherP256.privateKey })
    ).sign(CLAIMS);
    expect(await refusalOf(token, { algorithm: "ES256", publicKey: PAIRS.p256.publicKey })).to.equal(UNDECODABLE);
  });

  it("take no public key for an HMAC secret (RFC 8725, section 2.1)", async () => {
    const { publicKey, publicPem } = PAIRS.rsa;
    const token = forge(CLAIMS, { secret: publicPem });
    expect(await refusalOf(token, { algorithm: "RS256", publicKey })).to.equal(INVALID);
  });

  it("verify with each of the fallbacks, and sign with none", async () => {
    const old = ["the first old secret, long enough for HS256", "the second old secret, long enough for HS256"];
    const { sign, verify } = await accessTokens({ secretKeyFallbacks: old });
    for (const key of [SECRET_KEY, ...old]) {
      const token = createSigner({ key, algorithm: "HS256", noTimestamp: true })(CLAIMS);
      expect(await verify(token)).to.deep.equal(CLAIMS);
    }
    const other = createSigner({
      key: "never a secret of ours, but long enough",
      algorithm: "HS256",
      noTimestamp: true,
    });
    expect(await refusalOf(other(CLAIMS), { secretKeyFallbacks: old })).to.equal(UNDECODABLE);
    expect(await refusalOf(await sign(CLAIMS))).to.equal("accepted");
  });
});
