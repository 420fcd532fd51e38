import { expect } from "chai";

import { createSettings, type SettingsSources } from "../../src/settings/create-settings.js";
import { problemsOf, SECRET } from "./problems-of.js";
import { PAIRS } from "./sample-keys.js";

const EXPIRED = "verifyExpiration is false: expired tokens are accepted";

async function warningsOf(sources: SettingsSources): Promise<readonly string[]> {
  return (await createSettings({ secretKey: SECRET, nodeEnv: "test", ...sources })).warnings;
}

describe("the warnings about settings", () => {
  it("are none for the hardened defaults", async () => {
    expect(await warningsOf({ defaultProfile: "hardened" })).to.deep.equal([]);
  });

  it("name expired tokens that are accepted, as in the documented defaults", async () => {
    expect(await warningsOf({})).to.deep.equal([EXPIRED]);
    expect(await warningsOf({ environment: { JWT_VERIFY_EXPIRATION: "false" } })).to.deep.equal([
      "JWT_VERIFY_EXPIRATION is false: expired tokens are accepted",
    ]);
  });

  it("name signatures that are not verified, in the spelling of the setting", async () => {
    const sources = { environment: { JWT_VERIFY: "false" }, defaultProfile: "hardened" } as const;
    expect(await warningsOf(sources)).to.deep.equal([
      "JWT_VERIFY is false: signatures are not verified, anyone can forge a token",
    ]);
  });

  for (const [algorithm, bytes] of [
    ["HS256", 32],
    ["HS384", 48],
    ["HS512", 64],
  ] as const) {
    it(`name a secret shorter than the hash of ${algorithm}`, async () => {
      const values = { algorithm, verifyExpiration: true } as const;
      const short = "x".repeat(bytes - 1);
      const problem = `has ${bytes - 1} bytes: a secret needs ${bytes} or more`;
      expect(await warningsOf({ values, secretKey: "x".repeat(bytes) })).to.deep.equal([]);
      expect(await warningsOf({ values, secretKey: short })).to.deep.equal([`SECRET_KEY ${problem}`]);
      expect(await warningsOf({ values: { ...values, secretKey: short } })).to.deep.equal([`secretKey ${problem}`]);
      const environment = { JWT_SECRET_KEY: short, JWT_SECRET_KEY_FALLBACKS: `${SECRET},${short}` };
      expect(await warningsOf({ values, environment })).to.deep.equal([
        `JWT_SECRET_KEY ${problem}`,
        `JWT_SECRET_KEY_FALLBACKS ${problem}`,
      ]);
      expect(await problemsOf({ values, environment, defaultProfile: "hardened" })).to.deep.equal([
        `JWT_SECRET_KEY ${problem}`,
        `JWT_SECRET_KEY_FALLBACKS ${problem}`,
      ]);
    });
  }

  it("count the bytes of a secret, not its characters", async () => {
    const values = { secretKey: "ü".repeat(16), verifyExpiration: true };
    expect(await warningsOf({ values })).to.deep.equal([]);
  });

  it("look at the secret of an asymmetric algorithm only where it authenticates refresh tokens", async () => {
    const values = { algorithm: "EdDSA", privateKey: PAIRS.ed25519.privateKey, secretKey: "short" } as const;
    expect(await warningsOf({ values })).to.deep.equal([EXPIRED]);
    const longRunning = { ...values, longRunningRefreshToken: true };
    const problem = "secretKey has 5 bytes: a secret needs 32 or more";
    expect(await warningsOf({ values: longRunning })).to.deep.equal([EXPIRED, problem]);
    expect(await problemsOf({ values, defaultProfile: "hardened" })).to.deep.equal([problem]);
  });

  it("name an RSA key below 2048 bits once, where handlers of one's own take it", async () => {
    const { publicPem, privatePem } = PAIRS.rsa1024;
    const problem = "is an RSA key of 1024 bits: fewer than 2048 are too few";
    const pair = { JWT_ALGORITHM: "RS256", JWT_PUBLIC_KEY: publicPem, JWT_PRIVATE_KEY: privatePem };
    const alone = { JWT_ALGORITHM: "RS256", JWT_PUBLIC_KEY: publicPem };
    const sources = {
      values: { encodeHandler: () => "token", decodeHandler: () => ({}) },
      defaultProfile: "hardened",
    } as const;
    expect(await warningsOf({ environment: pair, ...sources })).to.deep.equal([`JWT_PRIVATE_KEY ${problem}`]);
    expect(await warningsOf({ environment: alone, ...sources })).to.deep.equal([`JWT_PUBLIC_KEY ${problem}`]);
    const strong = { algorithm: "RS256", privateKey: PAIRS.rsa.privateKey } as const;
    expect(await warningsOf({ values: strong, defaultProfile: "hardened" })).to.deep.equal([]);
  });

  it("name a public key alone: nobody can log in there", async () => {
    const environment = { JWT_ALGORITHM: "EdDSA", JWT_PUBLIC_KEY: PAIRS.ed25519.publicPem };
    const defaultProfile = "hardened";
    expect(await warningsOf({ environment, defaultProfile })).to.deep.equal([
      "JWT_PUBLIC_KEY is given without privateKey or JWT_PRIVATE_KEY: tokens are verified, and none are issued",
    ]);
    const encodeHandler = () => "token";
    expect(await warningsOf({ environment, defaultProfile, values: { encodeHandler } })).to.deep.equal([]);
  });
});
