import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, type Face, refusal } from "../support/faces.js";
import { NOW, testContext } from "../support/test-context.js";

const DAY = 24 * 3600;
const INVALID = ["INVALID_REFRESH_TOKEN", "Invalid refresh token"] as const;

async function successorOf(face: Face, refreshToken: string): Promise<string> {
  return dataOf(await face.refreshToken({ refreshToken })).refreshToken ?? "";
}

onEachDatabase("rotation of refresh tokens, with a grace period of 10 seconds", (createDatabase) => {
  const context = testContext({}, createDatabase); // The hardened profile.

  for (const face of context.faces) {
    describe(`over ${face.name}`, () => {
      it("hands out a new refresh token at each refresh, in the same session", async () => {
        const { refreshToken, username, sid } = await context.login();
        context.clock.advance(60);
        const second = dataOf(await face.refreshToken({ refreshToken }));
        expect(second.refreshToken)
          .to.match(/^[\w-]{91}$/)
          .and.not.equal(refreshToken); // 32 random bytes now
        expect(second.payload).to.deep.include({ username, sid, exp: NOW + 360, origIat: NOW + 60 });
        expect(second.refreshExpiresIn).to.equal(NOW + 60 + 7 * DAY);
        expect(await successorOf(face, second.refreshToken ?? "")).to.not.be.oneOf([refreshToken, second.refreshToken]);
        const [session, ...others] = await context.sessionsOf(username);
        expect(others).to.deep.equal([]);
        expect(session).to.deep.include({ id: sid, generation: 2, rotated: context.clock.now(), revoked: null });
        const events = ["refreshTokenRotated", "tokenRefreshed"];
        expect(context.eventNames).to.deep.equal([...events, ...events]);
      });

      it("answers the token just replaced with its same successor again, to the end of the grace period", async () => {
        const { refreshToken, username } = await context.login();
        const successor = await successorOf(face, refreshToken);
        for (const seconds of [0, 5, 4.999]) {
          context.clock.advance(seconds);
          const again = dataOf(await face.refreshToken({ refreshToken }));
          expect(again.refreshToken).to.equal(successor);
          expect(again.refreshExpiresIn).to.equal(NOW + 7 * DAY); // As the successor's own.
          expect(dataOf(await face.me({ authorization: `JWT ${again.token}` }))?.username).to.equal(username);
        }
        expect((await context.sessionsOf(username))[0]?.generation).to.equal(1);
        expect(context.eventNames.filter((name) => name === "refreshTokenRotated")).to.have.length(1);
      });

      it("takes the token just replaced for a replay after the grace period: its session ends", async () => {
        const { refreshToken, token, username, sid } = await context.login();
        const successor = await successorOf(face, refreshToken);
        context.forget();
        context.clock.advance(10);
        expect(await face.refreshToken({ refreshToken })).to.deep.equal(refusal(face, ...INVALID));
        expect(context.eventNames).to.deep.equal(["refreshTokenRevoked", "refreshTokenReplayed"]);
        expect(context.events[1]).to.deep.include({ user: username, session: sid, at: context.clock.now() });
        expect(await face.refreshToken({ refreshToken: successor })).to.deep.equal(refusal(face, ...INVALID));
        expect(await face.me({ authorization: `JWT ${token}` })).to.include({ message: "Invalid token", status: 401 });
        expect(context.eventNames).to.have.length(2); // Once: the session is over already.
      });

      it("ends the replayed session alone", async () => {
        const { refreshToken, username } = await context.login();
        const other = await context.loginAgain(username);
        await successorOf(face, refreshToken);
        context.clock.advance(11);
        await face.refreshToken({ refreshToken });
        expect(await face.refreshToken({ refreshToken: other.refreshToken })).to.have.property("data");
        expect(await face.me({ authorization: `JWT ${other.token}` })).to.have.property("data");
      });

      it("takes a token from before the last one for a replay, also within the grace period", async () => {
        const { refreshToken } = await context.login();
        const third = await successorOf(face, await successorOf(face, refreshToken));
        expect(await face.refreshToken({ refreshToken })).to.deep.equal(refusal(face, ...INVALID));
        expect(context.eventNames.at(-1)).to.equal("refreshTokenReplayed");
        expect(await face.refreshToken({ refreshToken: third })).to.deep.equal(refusal(face, ...INVALID));
      });

      it("looks at the user in the grace period too", async () => {
        const { refreshToken, username } = await context.login();
        await successorOf(face, refreshToken);
        await context.changeUser(username, { isActive: false });
        const disabled = refusal(face, "USER_DISABLED", "User is disabled");
        expect(await face.refreshToken({ refreshToken })).to.deep.equal(disabled);
        const later = new Date(context.clock.now().getTime() + 1000);
        await context.changeUser(username, { isActive: true, tokensValidAfter: later });
        expect(await face.refreshToken({ refreshToken })).to.deep.equal(refusal(face, ...INVALID));
        await context.deleteUser(username);
        expect(await face.refreshToken({ refreshToken })).to.deep.equal(refusal(face, ...INVALID));
      });

      it("lets the token just replaced end its session in the grace period, and takes it for a replay later", async () => {
        const first = await context.login();
        await successorOf(face, first.refreshToken);
        const { refreshToken } = first;
        expect(await face.revokeToken({ refreshToken })).to.deep.equal({ data: { revoked: NOW } });
        const second = await context.login();
        await successorOf(face, second.refreshToken);
        context.clock.advance(10);
        expect(await face.revokeToken({ refreshToken: second.refreshToken })).to.deep.equal(refusal(face, ...INVALID));
        expect(context.eventNames.at(-1)).to.equal("refreshTokenReplayed");
      });

      it("counts refreshExpirationDelta from the last rotation", async () => {
        let { refreshToken } = await context.login();
        context.clock.advance(7 * DAY);
        refreshToken = await successorOf(face, refreshToken);
        context.clock.advance(7 * DAY + 1);
        const expired = refusal(face, "REFRESH_TOKEN_EXPIRED", "Refresh token is expired");
        expect(await face.refreshToken({ refreshToken })).to.deep.equal(expired);
      });

      it("ends a session after refreshAbsoluteLifetime, however often it was refreshed", async () => {
        let { refreshToken } = await context.login();
        for (let day = 6; day <= 90; day += 6) {
          context.clock.advance(6 * DAY);
          const refreshed = dataOf(await face.refreshToken({ refreshToken }));
          expect(refreshed.refreshExpiresIn).to.equal(NOW + Math.min(day + 7, 90) * DAY);
          refreshToken = refreshed.refreshToken ?? "";
        }
        context.clock.advance(1);
        const expired = refusal(face, "REFRESH_TOKEN_EXPIRED", "Refresh token is expired");
        expect(await face.refreshToken({ refreshToken })).to.deep.equal(expired);
      });

      it("gives 8 simultaneous refreshes of one token the same successor", async () => {
        const { refreshToken, username } = await context.login();
        const successors = await Promise.all(Array.from({ length: 8 }, () => successorOf(face, refreshToken)));
        expect(new Set(successors).size).to.equal(1);
        const [session] = await context.sessionsOf(username);
        expect(session).to.include({ generation: 1, revoked: null });
        expect(context.eventNames.filter((name) => name === "refreshTokenRotated")).to.have.length(1);
      });
    });
  }
});

onEachDatabase("rotation of refresh tokens without a grace period", (createDatabase) => {
  const context = testContext(
    { JWT_PROFILE: "documented", JWT_LONG_RUNNING_REFRESH_TOKEN: "true", JWT_REUSE_REFRESH_TOKENS: "true" },
    createDatabase,
  );

  for (const face of context.faces) {
    describe(`over ${face.name}`, () => {
      it("takes the token just replaced for a replay at once", async () => {
        const { refreshToken } = await context.login();
        const successor = await successorOf(face, refreshToken);
        expect(await face.refreshToken({ refreshToken })).to.deep.equal(refusal(face, ...INVALID));
        expect(context.eventNames.at(-1)).to.equal("refreshTokenReplayed");
        expect(await face.refreshToken({ refreshToken: successor })).to.deep.equal(refusal(face, ...INVALID));
      });

      it("has one winner of 8 simultaneous refreshes of one token", async () => {
        const { refreshToken } = await context.login();
        const outcomes = await Promise.all(Array.from({ length: 8 }, () => face.refreshToken({ refreshToken })));
        const refused = outcomes.filter((outcome) => !("data" in outcome));
        expect(refused).to.deep.equal(Array.from({ length: 7 }, () => refusal(face, ...INVALID)));
        expect(context.eventNames.filter((name) => name === "refreshTokenRotated")).to.have.length(1);
      });

      it("goes on for ever, without refreshAbsoluteLifetime", async () => {
        let { refreshToken } = await context.login();
        for (let week = 1; week <= 60; week += 1) {
          context.clock.advance(7 * DAY);
          refreshToken = await successorOf(face, refreshToken);
        }
        expect(refreshToken).to.match(/^[\w-]{75}$/);
      });
    });
  }
});
