import { createSecretKey } from "node:crypto";
import { expect } from "chai";
import { tokenKey } from "../../src/tokens/token-key.js";
import { PAIRS } from "../settings/sample-keys.js";
import { SECRET_KEY } from "../support/forge.js";

describe("tokenKey", () => {
  for (const [algorithm, key] of [
    ["HS256", createSecretKey(Buffer.from(SECRET_KEY))],
    ["RS256", PAIRS.rsa.privateKey],
    ["ES384", PAIRS.p384.privateKey],
    ["EdDSA", PAIRS.ed25519.privateKey],
  ] as const) {
    it(`makes keys of ${algorithm} that cannot be read out again`, async () => {
      const { verifying, signing } = await tokenKey({ key, signs: true }, algorithm);
      expect(verifying.extractable).to.equal(false);
      expect(signing?.extractable).to.equal(false);
    });
  }
});
