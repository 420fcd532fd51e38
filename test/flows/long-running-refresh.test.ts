import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, refusal } from "../support/faces.js";
import { NOW, testContext, type TestContext } from "../support/test-context.js";

const WEEK = 7 * 24 * 3600;
const INVALID = ["INVALID_REFRESH_TOKEN", "Invalid refresh token"] as const;

type Case = [name: string, refreshToken: (context: TestContext) => Promise<string> | string];

/** What is no refresh token of a live session. */
const NONE: Case[] = [
  ["an empty text", () => ""],
  ["text", () => "0000000000000000000000000000000000000000"],
  ["zeroes in the right length", () => "A".repeat(75)],
  ["an access token", async (context) => (await context.login()).token],
  ["a token with a changed first character", async (context) => changed((await context.login()).refreshToken, 0)],
  ["a token with a changed generation", async (context) => changed((await context.login()).refreshToken, 30)],
  ["a token with a changed last character", async (context) => changed((await context.login()).refreshToken, 74)],
  ["a token with padding", async (context) => `${(await context.login()).refreshToken}=`],
  ["a token with white space", async (context) => ` ${(await context.login()).refreshToken}`],
  ["two tokens", async (context) => (await context.login()).refreshToken.repeat(2)],
];

function changed(token: string, index: number): string {
  return token.slice(0, index) + (token[index] === "E" ? "I" : "E") + token.slice(index + 1);
}

onEachDatabase("long-running refresh tokens without rotation", (createDatabase) => {
  const context = testContext(
    { JWT_PROFILE: "documented", JWT_LONG_RUNNING_REFRESH_TOKEN: "true", JWT_VERIFY_EXPIRATION: "true" },
    createDatabase,
  );

  for (const face of context.faces) {
    describe(`over ${face.name}`, () => {
      it("are answered back with a new access token, as often as they are used", async () => {
        const { refreshToken, username } = await context.login();
        for (const seconds of [60, 600]) {
          context.clock.advance(seconds);
          const now = context.clock.now().getTime() / 1000;
          const { token, ...rest } = dataOf(await face.refreshToken({ refreshToken }));
          const payload = { username, exp: now + 300, origIat: now };
          expect(rest).to.deep.equal({ payload, refreshToken, refreshExpiresIn: NOW + WEEK });
          expect(dataOf(await face.me({ authorization: `JWT ${token}` }))?.username).to.equal(username);
        }
        expect(context.eventNames).to.deep.equal(["tokenRefreshed", "tokenRefreshed"]);
      });

      it("stay one row a session, which notes its last use", async () => {
        const { refreshToken, username } = await context.login();
        context.clock.advance(60);
        await face.refreshToken({ refreshToken }, { "user-agent": "the test" });
        const [session, ...others] = await context.sessionsOf(username);
        expect(others).to.deep.equal([]);
        expect(session).to.deep.include({
          generation: 0,
          user: username,
          created: new Date("2024-01-01T00:00:00Z"),
          rotated: new Date("2024-01-01T00:00:00Z"),
          lastUsed: new Date("2024-01-01T00:01:00Z"),
          revoked: null,
          userAgent: "the test",
          address: "127.0.0.1",
        });
      });

      it("end refreshExpirationDelta after the login", async () => {
        const { refreshToken } = await context.login();
        context.clock.advance(WEEK);
        expect(await face.refreshToken({ refreshToken })).to.have.property("data");
        context.clock.advance(1);
        const expired = refusal(face, "REFRESH_TOKEN_EXPIRED", "Refresh token is expired");
        expect(await face.refreshToken({ refreshToken })).to.deep.equal(expired);
        expect(context.eventNames).to.deep.equal(["tokenRefreshed"]);
      });

      it("work after the access token has expired", async () => {
        const { token, refreshToken } = await context.login();
        context.clock.advance(300);
        expect(await face.me({ authorization: `JWT ${token}` })).to.include({ message: "Token expired", status: 401 });
        expect(await face.refreshToken({ refreshToken })).to.have.property("data");
      });

      for (const [name, make] of NONE) {
        it(`are not: ${name}`, async () => {
          const refreshToken = await make(context);
          expect(await face.refreshToken({ refreshToken })).to.deep.equal(refusal(face, ...INVALID));
          expect(await face.revokeToken({ refreshToken })).to.deep.equal(refusal(face, ...INVALID));
          expect(context.events).to.deep.equal([]);
        });
      }

      for (const args of [{}, { refreshToken: null }]) {
        it(`are required: ${JSON.stringify(args)}`, async () => {
          const required = refusal(face, "TOKEN_REQUIRED", "Refresh token is required", 400);
          expect(await face.refreshToken(args)).to.deep.equal(required);
          expect(await face.revokeToken(args)).to.deep.equal(required);
        });
      }

      it("are required although there is an access token", async () => {
        const { token } = await context.login();
        const required = refusal(face, "TOKEN_REQUIRED", "Refresh token is required", 400);
        expect(await face.refreshToken({ token })).to.deep.equal(required);
      });

      it("are refused for a user who has been made inactive, and work again when they are active again", async () => {
        const { token, refreshToken, username } = await context.login();
        await context.changeUser(username, { isActive: false });
        const disabled = refusal(face, "USER_DISABLED", "User is disabled");
        expect(await face.refreshToken({ refreshToken })).to.deep.equal(disabled);
        expect(await face.me({ authorization: `JWT ${token}` })).to.include({ message: "Invalid token", status: 401 });
        expect(context.events).to.deep.equal([]);
        await context.changeUser(username, { isActive: true });
        expect(await face.refreshToken({ refreshToken })).to.have.property("data");
      });

      it("are refused for a user who has been deleted", async () => {
        const { refreshToken, username } = await context.login();
        await context.deleteUser(username);
        expect(await face.refreshToken({ refreshToken })).to.deep.equal(refusal(face, ...INVALID));
      });

      it("are refused when they are from before the password was changed", async () => {
        const { refreshToken, username } = await context.login();
        context.clock.advance(1);
        await context.changeUser(username, { tokensValidAfter: context.clock.now() });
        expect(await face.refreshToken({ refreshToken })).to.deep.equal(refusal(face, ...INVALID));
        const later = await context.loginAgain(username);
        expect(await face.refreshToken({ refreshToken: later.refreshToken })).to.have.property("data");
      });
    });
  }
});
