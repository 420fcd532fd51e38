import { expect } from "chai";

import { createSettings } from "../../src/settings/create-settings.js";
import { problemsOf, SECRET } from "./problems-of.js";
import { PAIRS } from "./sample-keys.js";

const WHERE = "secretKey, JWT_SECRET_KEY or the application's SECRET_KEY";
const { rsa, rsa1024, p256, otherP256, p384, p521, k256, ed25519, ed448 } = PAIRS;

describe("durations that contradict each other", () => {
  it("refuses refreshing that ends before the access token", async () => {
    const environment = { JWT_EXPIRATION_DELTA: "8 days" };
    expect(await problemsOf({ environment })).to.deep.equal([
      "refreshExpirationDelta must not be shorter than JWT_EXPIRATION_DELTA, 8 days",
    ]);
    expect(await problemsOf({ environment, values: { refreshExpirationDelta: "7 days" } })).to.deep.equal([
      "refreshExpirationDelta must not be shorter than JWT_EXPIRATION_DELTA, 8 days",
    ]);
  });

  it("accepts them where they are equal, or where nothing is refreshed", async () => {
    await createSettings({ secretKey: SECRET, values: { expirationDelta: "7 days" } });
    await createSettings({ secretKey: SECRET, values: { expirationDelta: "8 days", allowRefresh: false } });
  });

  it("refuses a grace period that is as long as refreshing", async () => {
    const values = { refreshGracePeriod: 600, refreshExpirationDelta: "PT10M" };
    expect(await problemsOf({ values })).to.deep.equal([
      "refreshGracePeriod must be shorter than refreshExpirationDelta, 600 s",
    ]);
    await createSettings({ secretKey: SECRET, values: { ...values, refreshGracePeriod: 599 } });
  });

  it("says nothing about one that is wrong by itself", async () => {
    const environment = { JWT_EXPIRATION_DELTA: "8 days", JWT_REFRESH_EXPIRATION_DELTA: "x" };
    expect(await problemsOf({ environment })).to.deep.equal([
      'JWT_REFRESH_EXPIRATION_DELTA must be a duration such as 300 (seconds), "5m", "7 days" or "PT5M", and not 0, but is a string of 1 character',
    ]);
  });
});

describe("sessions that are verified where there are none", () => {
  it("are refused", async () => {
    const values = { longRunningRefreshToken: false };
    expect(await problemsOf({ values, defaultProfile: "hardened" })).to.deep.equal([
      "verifySession must be false where longRunningRefreshToken is false: there are no sessions then",
    ]);
    expect(await problemsOf({ environment: { JWT_VERIFY_SESSION: "true" } })).to.deep.equal([
      "JWT_VERIFY_SESSION must be false where longRunningRefreshToken is false: there are no sessions then",
    ]);
  });
});

describe("keys that are missing", () => {
  const secretKey = undefined;
  const handlers = { encodeHandler: () => "token", decodeHandler: () => ({}) };

  it("refuses an HMAC algorithm without a secret", async () => {
    expect(await problemsOf({ secretKey })).to.deep.equal([`secretKey is missing: HS256 needs ${WHERE}`]);
    const values = { algorithm: "HS512", encodeHandler: () => "token" } as const;
    expect(await problemsOf({ secretKey, values })).to.deep.equal([`secretKey is missing: HS512 needs ${WHERE}`]);
  });

  it("refuses an asymmetric algorithm with nothing but a secret", async () => {
    expect(await problemsOf({ environment: { JWT_ALGORITHM: "RS256" } })).to.deep.equal([
      "JWT_ALGORITHM is RS256, which needs privateKey or JWT_PRIVATE_KEY, or to verify only publicKey or JWT_PUBLIC_KEY",
    ]);
  });

  it("needs none where both handlers are replaced", async () => {
    await createSettings({ values: handlers });
    await createSettings({ values: { ...handlers, algorithm: "ES256" } });
  });

  it("refuses refresh tokens in the database without a secret for their MAC", async () => {
    const environment = { JWT_LONG_RUNNING_REFRESH_TOKEN: "on" };
    const problem = `secretKey is missing: JWT_LONG_RUNNING_REFRESH_TOKEN needs ${WHERE}`;
    const pair = { algorithm: "EdDSA", privateKey: ed25519.privateKey } as const;
    expect(await problemsOf({ secretKey, environment, values: pair })).to.deep.equal([problem]);
    expect(await problemsOf({ secretKey, environment, values: handlers })).to.deep.equal([problem]);
  });

  it("needs no secret where access tokens are only verified", async () => {
    const values = { algorithm: "EdDSA", publicKey: ed25519.publicKey } as const;
    await createSettings({ values, defaultProfile: "hardened" });
  });
});

describe("keys that do not fit", () => {
  const EC = "an EC key on the curve";
  for (const [algorithm, { publicKey, privateKey }, actual, needed] of [
    ["HS256", rsa, "an RSA key", "a secret"],
    ["RS256", p256, `${EC} P-256`, "an RSA key"],
    ["PS512", ed25519, "an Ed25519 key", "an RSA key"],
    ["ES256", rsa, "an RSA key", `${EC} P-256`],
    ["ES256", p384, `${EC} P-384`, `${EC} P-256`],
    ["ES256", k256, `${EC} secp256k1`, `${EC} P-256`],
    ["ES384", p521, `${EC} P-521`, `${EC} P-384`],
    ["ES512", p256, `${EC} P-256`, `${EC} P-521`],
    ["EdDSA", p256, `${EC} P-256`, "an Ed25519 key"],
    ["EdDSA", ed448, "a key of the type ed448", "an Ed25519 key"],
  ] as const) {
    it(`refuses ${actual} for ${algorithm}`, async () => {
      const problem = `is ${actual}, but ${algorithm} needs ${needed}`;
      expect(await problemsOf({ values: { algorithm, publicKey } })).to.deep.equal([`publicKey ${problem}`]);
      expect(await problemsOf({ values: { algorithm, privateKey } })).to.deep.equal([`privateKey ${problem}`]);
    });
  }

  for (const [algorithms, { publicKey, privateKey }] of [
    [["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"], rsa],
    [["ES256"], p256],
    [["ES384"], p384],
    [["ES512"], p521],
    [["EdDSA"], ed25519],
  ] as const) {
    it(`accepts the right key for ${algorithms.join(", ")}`, async () => {
      for (const algorithm of algorithms) {
        const { settings } = await createSettings({ values: { algorithm, publicKey, privateKey } });
        expect(settings).to.include({ algorithm, publicKey, privateKey });
      }
    });
  }

  it("refuses RSA keys that are too small for the built-in handlers", async () => {
    const { publicPem, privatePem } = rsa1024;
    const environment = { JWT_ALGORITHM: "PS384", JWT_PUBLIC_KEY: publicPem };
    const problem = "is an RSA key of 1024 bits, but PS384 needs 2048 or more";
    expect(await problemsOf({ environment, values: { privateKey: privatePem } })).to.deep.equal([
      `JWT_PUBLIC_KEY ${problem}`,
      `privateKey ${problem}`,
    ]);
    const encodeHandler = () => "token";
    expect(await problemsOf({ environment, values: { encodeHandler } })).to.deep.equal([`JWT_PUBLIC_KEY ${problem}`]);
    await createSettings({ environment, values: { encodeHandler, decodeHandler: () => ({}) } });
  });

  it("refuses a private key that does not belong to the public key", async () => {
    const environment = { JWT_ALGORITHM: "ES256", JWT_PUBLIC_KEY: p256.publicPem };
    const values = { privateKey: otherP256.privatePem };
    expect(await problemsOf({ environment, values })).to.deep.equal(["privateKey does not belong to JWT_PUBLIC_KEY"]);
  });
});

describe("verify: false in production", () => {
  const values = { verify: false } as const;
  const problem = "verify must not be false where NODE_ENV is production: anyone can forge a token";

  it("is refused by the NODE_ENV that is given, or by that of the environment", async () => {
    expect(await problemsOf({ values, nodeEnv: "production" })).to.deep.equal([problem]);
    const environment = { NODE_ENV: "production" };
    expect(await problemsOf({ values, environment, nodeEnv: undefined })).to.deep.equal([problem]);
  });

  it("is a warning elsewhere", async () => {
    const { warnings } = await createSettings({ values, secretKey: SECRET, nodeEnv: "development" });
    expect(warnings[0]).to.equal("verify is false: signatures are not verified, anyone can forge a token");
  });
});
