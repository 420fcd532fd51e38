import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, refusal, withToken } from "../support/faces.js";
import { NOW, PASSWORD, START, testContext } from "../support/test-context.js";

const NEW_PASSWORD = "a quite different passphrase";
const WRONG = ["INVALID_CREDENTIALS", "Please enter valid credentials"] as const;
const SINGLE_TOKEN = { JWT_PROFILE: "documented" };
const PROFILES = [
  { title: "hardened", environment: {} },
  {
    title: "documented, with refresh tokens and without verifySession",
    environment: { JWT_PROFILE: "documented", JWT_LONG_RUNNING_REFRESH_TOKEN: "true" },
  },
  { title: "documented, without refresh tokens", environment: SINGLE_TOKEN },
  {
    title: "documented, without any refresh, so that tokens do not say when they were issued",
    environment: { ...SINGLE_TOKEN, JWT_ALLOW_REFRESH: "false" },
  },
];

for (const { title, environment } of PROFILES) {
  onEachDatabase(`setPassword (${title})`, (createDatabase) => {
    const context = testContext(environment, createDatabase);

    for (const face of context.faces) {
      describe(`over ${face.name}`, () => {
        it("ends all tokens from before; what it answers works, and so does the new password alone", async () => {
          const asking = await context.login();
          const { username } = asking;
          const other = await context.loginAgain(username);
          context.clock.advance(1); // Access tokens have whole seconds.
          const answer = await face.setPassword(
            { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
            withToken(asking.token),
          );
          const fresh = dataOf(answer);
          expect(fresh.user.username).to.equal(username);

          for (const { token } of [asking, other]) {
            expect(await face.me(withToken(token))).to.include({ message: "Invalid token", status: 401 });
          }
          expect(dataOf(await face.me(withToken(fresh.token)))?.username).to.equal(username);
          expect(await face.tokenAuth({ username, password: PASSWORD })).to.deep.equal(refusal(face, ...WRONG));
          expect(await face.tokenAuth({ username, password: NEW_PASSWORD })).to.have.property("data");
          if (!context.hasRefreshTokens) return;
          for (const { refreshToken } of [asking, other]) {
            expect(await face.refreshToken({ refreshToken })).to.deep.equal(
              refusal(face, "INVALID_REFRESH_TOKEN", "Invalid refresh token"),
            );
          }
          expect(await face.refreshToken({ refreshToken: fresh.refreshToken })).to.have.property("data");
          expect(dataOf(await face.sessions({}, withToken(fresh.token)))).to.have.length(2);
        });

        it("changes nothing when the current password is wrong, and tells of the attempt", async () => {
          const { username, token, refreshToken } = await context.login();
          for (const currentPassword of ["wrong", "", NEW_PASSWORD, PASSWORD.toUpperCase()]) {
            context.forget();
            const answer = await face.setPassword({ currentPassword, newPassword: NEW_PASSWORD }, withToken(token));
            expect(answer).to.deep.equal(refusal(face, ...WRONG));
            expect(context.events).to.have.length(1);
            expect(context.events[0]).to.deep.include({ name: "loginFailed", user: username, known: true });
          }
          expect(await face.me(withToken(token))).to.have.property("data");
          if (context.hasRefreshTokens) expect(await face.refreshToken({ refreshToken })).to.have.property("data");
          expect(await face.tokenAuth({ username, password: NEW_PASSWORD })).to.deep.equal(refusal(face, ...WRONG));
          expect(await face.tokenAuth({ username, password: PASSWORD })).to.have.property("data");
        });

        it("refuses a password that none can have, and changes nothing", async () => {
          const { username, token } = await context.login();
          const tooLong = "x".repeat(1025);
          for (const [passwords, message] of [
            [{ currentPassword: PASSWORD, newPassword: "" }, "The password must not be empty"],
            [
              { currentPassword: PASSWORD, newPassword: tooLong },
              "newPassword must not be longer than 1024 characters",
            ],
            [
              { currentPassword: tooLong, newPassword: NEW_PASSWORD },
              "currentPassword must not be longer than 1024 characters",
            ],
          ] as const) {
            const answer = await face.setPassword(passwords, withToken(token));
            expect(answer).to.deep.equal({ code: "BAD_USER_INPUT", message, status: 400 });
          }
          expect(context.events).to.deep.equal([]);
          expect(await face.me(withToken(token))).to.have.property("data");
          expect(await face.tokenAuth({ username, password: PASSWORD })).to.have.property("data");
        });

        it("is for no anonymous request", async () => {
          const answer = await face.setPassword({ currentPassword: PASSWORD, newPassword: NEW_PASSWORD });
          expect(answer).to.deep.equal(
            refusal(face, "UNAUTHENTICATED", "You do not have permission to perform this action"),
          );
          expect(context.hasher.runs).to.equal(0);
        });

        it("tells of the change, of the sessions that ended and of the token that it issued", async () => {
          const { username, token } = await context.login();
          const passwords = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
          const { payload } = dataOf(await face.setPassword(passwords, withToken(token)));
          const ended = context.hasRefreshTokens ? ["sessionsRevoked"] : [];
          expect(context.eventNames).to.deep.equal(["passwordChanged", ...ended, "tokenIssued"]);
          for (const { user, at } of context.events)
            expect({ user, at }).to.deep.equal({ user: username, at: new Date(START) });
          expect(payload.exp).to.equal(NOW + 300);
          const written = JSON.stringify(context.log);
          for (const secret of [PASSWORD, NEW_PASSWORD, token]) expect(written).to.not.include(secret);
        });
      });
    }
  });
}
