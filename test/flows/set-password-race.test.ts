import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, refusal, withToken } from "../support/faces.js";
import { PASSWORD, type TestContext, testContext } from "../support/test-context.js";

const NEW_PASSWORD = "a quite different passphrase";
const WRONG = ["INVALID_CREDENTIALS", "Please enter valid credentials"] as const;
const LONG_RUNNING = [
  { title: "hardened", environment: {} },
  {
    title: "documented, with refresh tokens and without verifySession",
    environment: { JWT_PROFILE: "documented", JWT_LONG_RUNNING_REFRESH_TOKEN: "true" },
  },
];
const SINGLE_TOKEN = { title: "documented, without refresh tokens", environment: { JWT_PROFILE: "documented" } };

for (const { title, environment } of [...LONG_RUNNING, SINGLE_TOKEN]) {
  onEachDatabase(`a login while the new password is hashed (${title})`, (createDatabase) => {
    const context = testContext(environment, createDatabase);

    for (const face of context.faces) {
      it(`is from before, over ${face.name}`, async () => {
        const { username, token } = await context.login();
        let meanwhile = "";
        context.hasher.onceIs("hashed", async () => {
          context.clock.advance(5);
          meanwhile = dataOf(await face.tokenAuth({ username, password: PASSWORD })).token;
          context.clock.advance(1); // Access tokens have whole seconds.
        });
        const passwords = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
        const fresh = dataOf(await face.setPassword(passwords, withToken(token)));
        expect(await face.me(withToken(meanwhile))).to.include({ message: "Invalid token", status: 401 });
        expect(dataOf(await face.me(withToken(fresh.token)))?.username).to.equal(username);
        if (!context.hasRefreshTokens) return;
        expect(await face.refreshToken({ refreshToken: fresh.refreshToken })).to.have.property("data");
      });
    }
  });
}

for (const { title, environment } of [...LONG_RUNNING, SINGLE_TOKEN]) {
  onEachDatabase(`two changes of one password (${title})`, (createDatabase) => {
    const context = testContext(environment, createDatabase);

    for (const face of context.faces) {
      for (const done of ["verified", "hashed"] as const) {
        it(`have one winner, when the other comes as the first has ${done}, over ${face.name}`, async () => {
          const { username, token } = await context.login();
          const change = (newPassword: string) =>
            face.setPassword({ currentPassword: PASSWORD, newPassword }, withToken(token));
          let won = { token: "" };
          context.hasher.onceIs(done, async () => (won = dataOf(await change("the winner's"))));
          expect(await change("the loser's")).to.deep.equal(refusal(face, ...WRONG));
          const ended = context.hasRefreshTokens ? ["sessionsRevoked"] : [];
          expect(context.eventNames).to.deep.equal(["passwordChanged", ...ended, "tokenIssued"]);
          expect(dataOf(await face.me(withToken(won.token)))?.username).to.equal(username);
          for (const password of [PASSWORD, "the loser's"]) {
            expect(await face.tokenAuth({ username, password })).to.deep.equal(refusal(face, ...WRONG));
          }
          expect(await face.tokenAuth({ username, password: "the winner's" })).to.have.property("data");
        });
      }
    }
  });
}

/** Between the UPDATE and the answer. */
const MEANWHILE: [name: string, once: (context: TestContext, happen: () => Promise<void>) => void][] = [
  [
    "at once",
    ({ server }, happen) => {
      const { users } = server.application;
      users.setPassword = async (...change) => {
        Reflect.deleteProperty(users, "setPassword"); // The class's own again.
        const isSet = await users.setPassword(...change);
        await happen();
        return isSet;
      };
    },
  ],
  [
    "when the new one has been looked at",
    ({ hasher }, happen) => hasher.onceIs("verified", async () => hasher.onceIs("verified", happen)),
  ],
];

for (const { title, environment } of LONG_RUNNING) {
  onEachDatabase(`a login whose password has just been looked at (${title})`, (createDatabase) => {
    const context = testContext(environment, createDatabase);

    const liveSessionsOf = async (username: string) =>
      (await context.sessionsOf(username)).filter(({ revoked }) => revoked === null);

    for (const face of context.faces) {
      describe(`over ${face.name}`, () => {
        it("is refused when the password is changed meanwhile, and leaves no session, whatever the clocks say", async () => {
          const { username, token } = await context.login();
          context.clock.advance(60); // The server that answers the login is ahead.
          context.hasher.onceIs("verified", async () => {
            context.clock.advance(-59);
            const passwords = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
            dataOf(await face.setPassword(passwords, withToken(token)));
            context.forget();
          });
          expect(await face.tokenAuth({ username, password: PASSWORD })).to.deep.equal(refusal(face, ...WRONG));
          expect(context.eventNames).to.deep.equal(["refreshTokenRevoked"]);
          expect(await liveSessionsOf(username)).to.have.length(1); // That of the one who changed it.
        });

        for (const [name, happen] of [
          ["made inactive", (username: string) => context.changeUser(username, { isActive: false })],
          ["deleted", (username: string) => context.deleteUser(username)],
        ] as const) {
          it(`is refused when the user is ${name} meanwhile, and leaves no session`, async () => {
            const { username } = await context.createUser();
            context.hasher.onceIs("verified", () => happen(username));
            expect(await face.tokenAuth({ username, password: PASSWORD })).to.deep.equal(refusal(face, ...WRONG));
            expect(context.eventNames).to.deep.equal(["refreshTokenRevoked"]);
            expect(await liveSessionsOf(username)).to.deep.equal([]);
          });
        }

        for (const [name, once] of MEANWHILE) {
          it(`is refused to whoever has changed a password, when an operator sets another ${name}`, async () => {
            const { username, token } = await context.login();
            const { users, refreshTokens } = context.server.application;
            const operator = async () => {
              context.clock.advance(-1); // The operator's clock is behind.
              const user = await users.findByNaturalKey(username);
              expect(user && (await users.resetPassword(user, "operator's", context.clock))).to.equal(true);
              await refreshTokens.revokeAll(username, context.clock.now());
            };
            once(context, operator);
            const passwords = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
            const answer = await face.setPassword(passwords, withToken(token));
            expect(answer).to.deep.equal(refusal(face, ...WRONG));
            expect(context.eventNames).to.not.include("tokenIssued");
            expect(await liveSessionsOf(username)).to.deep.equal([]);
          });
        }
      });
    }
  });
}
