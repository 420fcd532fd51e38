import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, refusal } from "../support/faces.js";
import { NOW, testContext } from "../support/test-context.js";

const WEEK = 7 * 24 * 3600;
const INVALID = ["INVALID_REFRESH_TOKEN", "Invalid refresh token"] as const;

onEachDatabase("revokeToken", (createDatabase) => {
  const context = testContext({ JWT_PROFILE: "documented", JWT_LONG_RUNNING_REFRESH_TOKEN: "true" }, createDatabase);

  for (const face of context.faces) {
    describe(`over ${face.name}`, () => {
      it("answers when, in Unix seconds, and ends the session", async () => {
        const { refreshToken, username } = await context.login();
        context.clock.advance(60.9);
        expect(await face.revokeToken({ refreshToken })).to.deep.equal({ data: { revoked: NOW + 60 } });
        expect(context.eventNames).to.deep.equal(["refreshTokenRevoked"]);
        const [session] = await context.sessionsOf(username);
        expect(session?.revoked).to.deep.equal(new Date("2024-01-01T00:01:00.900Z"));
        expect(await face.refreshToken({ refreshToken })).to.deep.equal(refusal(face, ...INVALID));
      });

      it("is refused the second time", async () => {
        const { refreshToken } = await context.login();
        await face.revokeToken({ refreshToken });
        context.forget();
        expect(await face.revokeToken({ refreshToken })).to.deep.equal(refusal(face, ...INVALID));
        expect(context.events).to.deep.equal([]);
      });

      it("works for an expired refresh token and for an inactive user's", async () => {
        const { refreshToken, username } = await context.login();
        await context.changeUser(username, { isActive: false });
        context.clock.advance(WEEK + 1);
        expect(await face.revokeToken({ refreshToken })).to.deep.equal({ data: { revoked: NOW + WEEK + 1 } });
      });

      it("leaves the other sessions of the user", async () => {
        const { refreshToken, username } = await context.login();
        const other = await context.loginAgain(username);
        await face.revokeToken({ refreshToken });
        expect(await face.refreshToken({ refreshToken: other.refreshToken })).to.have.property("data");
      });

      it("leaves the access token as it is, without verifySession", async () => {
        const { token, refreshToken, username } = await context.login();
        await face.revokeToken({ refreshToken });
        expect(dataOf(await face.me({ authorization: `JWT ${token}` }))?.username).to.equal(username);
      });
    });
  }
});

onEachDatabase("verifySession", (createDatabase) => {
  const context = testContext({}, createDatabase);

  for (const face of context.faces) {
    it(`ends the access tokens of a revoked session at once, and those of no other, over ${face.name}`, async () => {
      const { token, refreshToken, username } = await context.login();
      const other = await context.loginAgain(username);
      await face.revokeToken({ refreshToken });
      expect(await face.me({ authorization: `JWT ${token}` })).to.include({ message: "Invalid token", status: 401 });
      expect(dataOf(await face.me({ authorization: `JWT ${other.token}` }))?.username).to.equal(username);
    });
  }
});
