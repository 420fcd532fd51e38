import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, refusal } from "../support/faces.js";
import { testContext } from "../support/test-context.js";

const OLD = "the old secret key which is long enough for the hash of HS256";
const NEW = "the new secret key which is long enough for the hash of HS256";

onEachDatabase("secretKeyFallbacks", (createDatabase) => {
  let database: Promise<string> | undefined;
  const shared = () => (database ??= createDatabase());
  const before = testContext({ SECRET_KEY: OLD }, shared);
  const after = testContext({ SECRET_KEY: NEW, JWT_SECRET_KEY_FALLBACKS: OLD }, shared);
  const without = testContext({ SECRET_KEY: NEW }, shared);

  for (const face of after.faces) {
    describe(`over ${face.name}`, () => {
      it("let the tokens of the old key live on", async () => {
        const { token, refreshToken, username } = await before.login({ username: `old-${face.name}` });
        expect(dataOf(await face.me({ authorization: `JWT ${token}` }))?.username).to.equal(username);
        expect(await face.verifyToken({ token })).to.have.property("data");
        const next = dataOf(await face.refreshToken({ refreshToken }));
        expect(dataOf(await face.me({ authorization: `JWT ${next.token}` }))?.username).to.equal(username);
      });

      it("are signed with no more: new tokens have the new key, the successor of an old one too", async () => {
        const { refreshToken } = await before.login({ username: `new-${face.name}` });
        const next = dataOf(await face.refreshToken({ refreshToken }));
        const authorization = `JWT ${next.token}`;
        expect(await before.trpc.me({ authorization })).to.include({ message: "Invalid token" });
        expect(await without.trpc.me({ authorization })).to.have.property("data");
        const { refreshToken: successor } = next;
        expect(await without.trpc.refreshToken({ refreshToken: successor })).to.have.property("data");
      });

      it("are what it takes", async () => {
        const { token, refreshToken } = await before.login({ username: `gone-${face.name}` });
        const mine = without.faces.find(({ name }) => name === face.name) ?? face;
        const undecodable = refusal(mine, "INVALID_TOKEN", "Error decoding signature");
        expect(await mine.verifyToken({ token })).to.deep.equal(undecodable);
        const invalid = refusal(mine, "INVALID_REFRESH_TOKEN", "Invalid refresh token");
        expect(await mine.refreshToken({ refreshToken })).to.deep.equal(invalid);
      });
    });
  }
});
