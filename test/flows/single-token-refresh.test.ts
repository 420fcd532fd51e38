import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, refusal } from "../support/faces.js";
import { forge } from "../support/forge.js";
import { NOW, PASSWORD, testContext, type TestContext } from "../support/test-context.js";

const WEEK = 7 * 24 * 3600;

type Case = [
  name: string,
  args: (context: TestContext, username: string) => { token?: string | null; refreshToken?: string },
  expected: [code: string, message: string, trpcStatus?: number],
];

const REFUSED: Case[] = [
  ["no argument", () => ({}), ["TOKEN_REQUIRED", "Token is required", 400]],
  ["null", () => ({ token: null }), ["TOKEN_REQUIRED", "Token is required", 400]],
  ["only a refresh token", () => ({ refreshToken: "x" }), ["TOKEN_REQUIRED", "Token is required", 400]],
  ["garbage", () => ({ token: "garbage" }), ["INVALID_TOKEN", "Error decoding signature"]],
  [
    "no origIat",
    (_, username) => ({ token: forge({ username, exp: NOW + 60 }) }),
    ["INVALID_PAYLOAD", "origIat field is required"],
  ],
  [
    "an expired token",
    (context, username) => ({ token: context.token({ username, exp: NOW }) }),
    ["TOKEN_EXPIRED", "Signature has expired"],
  ],
  [
    "an unknown user",
    (context) => ({ token: context.token({ username: "ghost" }) }),
    ["INVALID_PAYLOAD", "Invalid payload"],
  ],
  ["no username", (context) => ({ token: context.token({}) }), ["INVALID_PAYLOAD", "Invalid payload"]],
  [
    "an origIat that is long ago",
    (context, username) => ({ token: context.token({ username, origIat: NOW - 601 }) }),
    ["REFRESH_TOKEN_EXPIRED", "Refresh has expired"],
  ],
  [
    "an origIat that is text",
    (context, username) => ({ token: context.token({ username, origIat: String(NOW) }) }),
    ["INVALID_TOKEN", "Error decoding signature"],
  ],
];

onEachDatabase("refreshToken in single-token mode", (createDatabase) => {
  const context = testContext(
    { JWT_PROFILE: "documented", JWT_VERIFY_EXPIRATION: "true", JWT_REFRESH_EXPIRATION_DELTA: "600" },
    createDatabase,
  );

  for (const face of context.faces) {
    describe(`over ${face.name}`, () => {
      it("keeps origIat and moves exp", async () => {
        const { token, username } = await context.login();
        context.clock.advance(200);
        const { token: next, ...rest } = dataOf(await face.refreshToken({ token }));
        const payload = { username, exp: NOW + 500, origIat: NOW };
        expect(rest).to.deep.equal({ payload, refreshExpiresIn: NOW + 600 });
        expect(await face.verifyToken({ token: next })).to.deep.equal({ data: { payload } });
        expect(await context.sessionsOf(username)).to.deep.equal([]);
      });

      it("takes the same token again", async () => {
        const { token } = await context.login();
        for (const seconds of [100, 100]) {
          context.clock.advance(seconds);
          expect(await face.refreshToken({ token })).to.have.property("data");
        }
      });

      it("ends refreshExpirationDelta after the login, however often it was refreshed", async () => {
        const { token } = await context.login();
        context.clock.advance(290);
        const second = dataOf(await face.refreshToken({ token })).token;
        context.clock.advance(290);
        const third = dataOf(await face.refreshToken({ token: second })).token;
        context.clock.advance(20); // Now at 600.
        expect(await face.refreshToken({ token: third })).to.have.property("data");
        context.clock.advance(1);
        const expired = refusal(face, "REFRESH_TOKEN_EXPIRED", "Refresh has expired");
        expect(await face.refreshToken({ token: third })).to.deep.equal(expired);
        expect(dataOf(await face.me({ authorization: `JWT ${third}` }))).to.not.equal(null); // It still is a token.
      });

      for (const [name, args, expected] of REFUSED) {
        it(`answers "${expected[1]}" to ${name}`, async () => {
          const { username } = await context.createUser();
          expect(await face.refreshToken(args(context, username))).to.deep.equal(refusal(face, ...expected));
          expect(context.events).to.deep.equal([]);
        });
      }

      it("refuses a user who has been made inactive", async () => {
        const { token, username } = await context.login();
        await context.changeUser(username, { isActive: false });
        expect(await face.refreshToken({ token })).to.deep.equal(refusal(face, "USER_DISABLED", "User is disabled"));
      });

      it("refuses a user who has been deleted", async () => {
        const { token, username } = await context.login();
        await context.deleteUser(username);
        expect(await face.refreshToken({ token })).to.deep.equal(refusal(face, "INVALID_PAYLOAD", "Invalid payload"));
      });

      it("refuses a token from before the password was changed", async () => {
        const { token, username } = await context.login();
        context.clock.advance(1);
        await context.changeUser(username, { tokensValidAfter: context.clock.now() });
        expect(await face.refreshToken({ token })).to.deep.equal(refusal(face, "INVALID_TOKEN", "Invalid token"));
        const later = await context.loginAgain(username);
        expect(await face.refreshToken({ token: later.token })).to.have.property("data");
      });

      it("has no refresh token to revoke", async () => {
        const invalid = refusal(face, "INVALID_REFRESH_TOKEN", "Invalid refresh token");
        expect(await face.revokeToken({ refreshToken: "x" })).to.deep.equal(invalid);
        const required = refusal(face, "TOKEN_REQUIRED", "Refresh token is required", 400);
        expect(await face.revokeToken({})).to.deep.equal(required);
      });
    });
  }
});

/** Without refreshing there are no sessions either, whatever the mode. */
for (const longRunning of ["false", "true"]) {
  describe(`allowRefresh off, longRunningRefreshToken ${longRunning}`, () => {
    const context = testContext({
      JWT_PROFILE: "documented",
      JWT_ALLOW_REFRESH: "false",
      JWT_LONG_RUNNING_REFRESH_TOKEN: longRunning,
    });

    for (const face of context.faces) {
      describe(`over ${face.name}`, () => {
        it("logs in without origIat and without a refresh token", async () => {
          const { username } = await context.createUser();
          const { token, user, ...rest } = dataOf(await face.tokenAuth({ username, password: PASSWORD }));
          expect(rest).to.deep.equal({ payload: { username, exp: NOW + 300 }, refreshExpiresIn: NOW + WEEK });
          expect(dataOf(await face.me({ authorization: `JWT ${token}` }))).to.deep.equal(user);
          expect(await context.sessionsOf(username)).to.deep.equal([]);
        });

        it("refuses every refresh", async () => {
          const { token, username } = await context.login();
          const missing = refusal(face, "INVALID_PAYLOAD", "origIat field is required");
          expect(await face.refreshToken({ token })).to.deep.equal(missing);
          const older = context.token({ username }); // From when refreshing was on.
          const denied = refusal(face, "REFRESH_NOT_ALLOWED", "Token refresh not supported", 403);
          expect(await face.refreshToken({ token: older })).to.deep.equal(denied);
          expect(context.events).to.deep.equal([]);
        });
      });
    }
  });
}
