import { expect } from "chai";
import { RefreshTokenCodec } from "../../../src/tokens/refresh-token-codec.js";
import { createSecretKey, randomBytes } from "node:crypto";
import { SECRET_KEY } from "../../support/forge.js";
import { accessTokens, NOW, type TokensAt } from "../access-tokens-of.js";
import { verificationsDuring } from "./counted-verifications.js";
import { HostileTokens, REFUSALS } from "./hostile-tokens.js";
import { SIGNING_KEYS } from "./signing-keys.js";

const CLAIMS = { username: "alice", exp: NOW + 60, origIat: NOW, jti: "1" };
const REFRESH_TOKEN = new RefreshTokenCodec(createSecretKey(SECRET_KEY, "utf8"), []).issue(randomBytes(20), 0);

for (const profile of ["documented", "hardened"] as const) {
  for (const key of SIGNING_KEYS) {
    describe(`a hostile token, ${key.algorithm}, ${profile}`, () => {
      let tokens: TokensAt;
      let good: string;
      before(async () => {
        tokens = await accessTokens({ ...key.settings, profile, verifyExpiration: true });
        good = await tokens.sign(CLAIMS);
      });

      it("is made from one that is accepted, after one verification", async () => {
        expect(await verificationsDuring(() => tokens.verify(good))).to.equal(1);
        const [header, payload] = good.split(".");
        const again = `${header}.${payload}.${key.sign(`${header}.${payload}`).toString("base64url")}`;
        expect(await tokens.verify(again)).to.deep.equal(CLAIMS);
      });

      it("is refused, for the right reason, and before any cryptography where it can be", async () => {
        const rows = new HostileTokens(key, profile, { token: good, refreshToken: REFRESH_TOKEN, now: NOW }).all();
        expect(new Set(rows.map(({ name }) => name)).size).to.equal(rows.length);
        expect(rows).to.have.length.above(200);
        for (const { name, token, refusal, verified } of rows) {
          let outcome: unknown;
          const verifications = await verificationsDuring(async () => {
            outcome = await tokens.verify(token).catch((error: unknown) => error);
          });
          const { code, message } = outcome as { code?: string; message?: string };
          expect({ code, message }, name).to.deep.equal(REFUSALS[refusal]);
          expect(verifications > 0, `${name}: verified`).to.equal(verified);
        }
      });
    });
  }
}
