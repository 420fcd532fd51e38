import { expect } from "chai";
import { jwtVerify, SignJWT } from "jose";

import { ALGORITHM_NAMES, ALGORITHMS, type Algorithm } from "../../src/settings/algorithms.js";
import { createSettings } from "../../src/settings/create-settings.js";
import { generateKeys } from "../../src/settings/generate-keys.js";

const environmentOf = (lines: readonly string[]) =>
  Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));

describe("generateKeys", () => {
  // A 3072-bit RSA key takes its time.
  for (const algorithm of ["HS256", "HS384", "HS512", "ES256", "ES384", "ES512", "EdDSA", "RS256"] as const) {
    it(`makes settings that sign and verify with ${algorithm}, without a warning`, async function () {
      this.timeout(20_000);
      const lines = await generateKeys(algorithm);
      const environment = { ...environmentOf(lines), JWT_VERIFY_EXPIRATION: "true" };
      const { settings, warnings } = await createSettings({ environment });
      expect(settings.algorithm).to.equal(algorithm);
      expect(warnings).to.deep.equal([]);

      const signingKey = settings.privateKey ?? settings.secretKey;
      const verifyingKey = settings.publicKey ?? settings.secretKey;
      if (!signingKey || !verifyingKey) expect.fail("no key");
      const token = await new SignJWT({ username: "ann" }).setProtectedHeader({ alg: algorithm }).sign(signingKey);
      const { payload } = await jwtVerify(token, verifyingKey, { algorithms: [algorithm] });
      expect(payload).to.deep.equal({ username: "ann" });
    });
  }

  for (const [algorithm, characters] of [
    ["HS256", 43],
    ["HS384", 64],
    ["HS512", 86],
  ] as const) {
    it(`writes the secret of ${algorithm} as base64url text of as many bytes as the hash has`, async () => {
      const [first, second] = [await generateKeys(algorithm), await generateKeys(algorithm)];
      expect(first).to.have.length(2);
      expect(first[0]).to.equal(`JWT_ALGORITHM=${algorithm}`);
      expect(first[1]).to.match(new RegExp(`^JWT_SECRET_KEY=[A-Za-z0-9_-]{${characters}}$`));
      expect(second[1]).not.to.equal(first[1]);
    });
  }

  it("writes a key pair as base64 of PEM, a line each", async () => {
    const lines = await generateKeys("EdDSA");
    expect(lines.map((line) => line.slice(0, line.indexOf("=")))).to.deep.equal([
      "JWT_ALGORITHM",
      "JWT_PRIVATE_KEY",
      "JWT_PUBLIC_KEY",
    ]);
    const environment = environmentOf(lines);
    const pem = (name: string) => Buffer.from(environment[name] ?? "", "base64").toString();
    expect(pem("JWT_PRIVATE_KEY")).to.match(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(pem("JWT_PUBLIC_KEY")).to.match(/^-----BEGIN PUBLIC KEY-----\n/);
    for (const line of lines) expect(line).to.match(/^[A-Z_]+=[A-Za-z0-9+/=]+$/);
  });

  it("makes RSA keys of 3072 bits", async function () {
    this.timeout(20_000);
    const { settings } = await createSettings({ environment: environmentOf(await generateKeys("PS384")) });
    expect(settings.privateKey?.asymmetricKeyDetails?.modulusLength).to.equal(3072);
  });

  it("knows every algorithm", () => {
    const types = ALGORITHM_NAMES.map((name) => ALGORITHMS[name as Algorithm].type);
    expect(new Set(types)).to.deep.equal(new Set(["secret", "rsa", "ec", "ed25519"]));
  });
});
