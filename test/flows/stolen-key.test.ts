import { createSecretKey } from "node:crypto";
import { expect } from "chai";
import { RefreshTokenCodec } from "../../src/tokens/refresh-token-codec.js";
import { onEachDatabase } from "../support/databases.js";
import { type Face, refusal, withToken } from "../support/faces.js";
import { SECRET_KEY } from "../support/forge.js";
import { testContext } from "../support/test-context.js";

for (const { title, environment, accepts } of [
  {
    title: "signs access tokens for anybody in the documented profile, as with every stateless token",
    environment: { JWT_PROFILE: "documented" },
    accepts: true,
  },
  {
    title: "signs access tokens for anybody in the documented profile, with refresh tokens too",
    environment: { JWT_PROFILE: "documented", JWT_LONG_RUNNING_REFRESH_TOKEN: "true" },
    accepts: true,
  },
  {
    title: "signs no access token that is accepted in the hardened profile, without the id of a live session",
    environment: {},
    accepts: false,
  },
] as const) {
  onEachDatabase(`a stolen SECRET_KEY ${title}`, (createDatabase) => {
    const context = testContext(environment, createDatabase);
    const header = accepts ? { alg: "HS256", typ: "JWT" } : { alg: "HS256", typ: "at+jwt" };

    async function isAccepted(face: Face, payload: Readonly<Record<string, unknown>>): Promise<boolean> {
      const outcome = await face.me(withToken(context.token(payload, { header })));
      if (!("data" in outcome)) expect(outcome).to.include({ message: "Invalid token", status: 401 });
      return "data" in outcome && outcome.data !== null;
    }

    for (const face of context.faces) {
      it(`over ${face.name}`, async () => {
        const [victim, mallory] = [await context.login(), await context.login()];
        const { username } = victim;
        for (const sid of [undefined, "", "018cc251-f400-7000-8000-000000000000", mallory.sid ?? "own"]) {
          expect(await isAccepted(face, { username, sid })).to.equal(accepts);
        }
        // With the id of a live session of the victim's, which neither the key nor any token but the victim's tells.
        if (!accepts) expect(await isAccepted(face, { username, sid: victim.sid })).to.equal(true);
      });

      it(`and makes no refresh token, over ${face.name}`, async () => {
        if (!context.hasRefreshTokens) return;
        const { refreshToken } = await context.login();
        const codec = new RefreshTokenCodec(createSecretKey(Buffer.from(SECRET_KEY)), []);
        const bytes = codec.parse(refreshToken)?.random.length ?? 0;
        const randoms = [
          Buffer.alloc(bytes),
          Buffer.alloc(bytes, 255),
          ...Array.from({ length: 20 }, () => codec.generateRandom(bytes)),
        ];
        for (const random of randoms) {
          const forged = { refreshToken: codec.issue(random, 0) };
          const invalid = refusal(face, "INVALID_REFRESH_TOKEN", "Invalid refresh token");
          expect(await face.refreshToken(forged)).to.deep.equal(invalid);
          expect(await face.revokeToken(forged)).to.deep.equal(invalid);
        }
        expect(await face.refreshToken({ refreshToken })).to.have.property("data");
      });
    }
  });
}
