import { expect } from "chai";
import { dataOf, withToken } from "../support/faces.js";
import { type Credentials, LIVE_CLIENTS } from "../support/live-clients.js";
import { NOW, PASSWORD, testContext } from "../support/test-context.js";
import { openSubscriptions } from "../support/open-subscriptions.js";
import { until } from "../support/until.js";

const REVOKED = { type: "LOGGED_OUT", reason: "REVOKED", at: NOW };

describe("sessionEvents", () => {
  const context = testContext();
  const opened = openSubscriptions(context);

  for (const client of LIVE_CLIENTS) {
    const isSocket = client.transport === "WebSocket";
    const subscribe = (credentials: Credentials) => opened.subscribe(client, credentials);

    describe(`over ${client.name}`, () => {
      it("tells of the logout, ends, and closes the connection", async () => {
        const { token, refreshToken } = await context.login();
        const subscription = await subscribe({ headers: withToken(token) });
        expect(subscription.isStarted).to.equal(true);

        dataOf(await context.trpc.revokeToken({ refreshToken }));
        await subscription.untilOver();
        expect(subscription.events).to.deep.equal([REVOKED]);
        if (!isSocket) return;
        await until(() => subscription.closes.length > 0);
        expect(subscription.closes).to.deep.equal([{ code: 4401, reason: "Session revoked" }]);
      });

      it("says that the token has expired, at that moment", async () => {
        const { token } = await context.login();
        const subscription = await subscribe({ headers: withToken(token) });
        await context.timers.pass(299);
        expect(subscription.isOver).to.equal(false);
        await context.timers.pass(1);
        await subscription.untilOver();
        expect(subscription.events).to.deep.equal([{ type: "LOGGED_OUT", reason: "EXPIRED", at: NOW + 300 }]);
        if (!isSocket) return;
        await until(() => subscription.closes.length > 0);
        expect(subscription.closes).to.deep.equal([{ code: 4403, reason: "Token expired" }]);
      });

      it("says that the password was changed", async () => {
        const { token } = await context.login();
        const subscription = await subscribe({ headers: withToken(token) });
        const passwords = { currentPassword: PASSWORD, newPassword: "another-Passw0rd" };
        dataOf(await context.trpc.setPassword(passwords, withToken(token)));
        await subscription.untilOver();
        expect(subscription.events).to.deep.equal([{ ...REVOKED, reason: "PASSWORD_CHANGED" }]);
      });

      it("says that a refresh token was replayed", async () => {
        const { token, refreshToken } = await context.login();
        const subscription = await subscribe({ headers: withToken(token) });
        dataOf(await context.trpc.refreshToken({ refreshToken }));
        context.clock.advance(11);
        await context.trpc.refreshToken({ refreshToken });
        await subscription.untilOver();
        expect(subscription.events).to.deep.equal([{ ...REVOKED, reason: "REPLAYED", at: NOW + 11 }]);
      });

      it("says that the user was disabled, within the interval of the watch", async () => {
        const { token, username } = await context.login();
        const subscription = await subscribe({ headers: withToken(token) });
        await context.changeUser(username, { isActive: false });
        await context.timers.pass(5);
        await subscription.untilOver();
        expect(subscription.events).to.have.lengthOf(1);
        expect(subscription.events[0]).to.include({ type: "LOGGED_OUT", reason: "USER_DISABLED" });
      });

      it("goes on while another session of the user ends", async () => {
        const { token, username } = await context.login();
        const other = await context.loginAgain(username);
        const subscription = await subscribe({ headers: withToken(token) });
        dataOf(await context.trpc.revokeToken({ refreshToken: other.refreshToken ?? "" }));
        dataOf(await context.trpc.revokeOtherSessions(withToken(token)));
        await context.timers.pass(20);
        expect(subscription.isOver).to.equal(false);
        expect(subscription.events).to.deep.equal([]);
      });

      it("is not for anonymous clients", async () => {
        const subscription = await subscribe({});
        await subscription.untilOver();
        expect(subscription.errors).to.deep.equal(["UNAUTHENTICATED"]);
        expect(subscription.events).to.deep.equal([]);
      });

      it("refuses a bad token in the header with 401, and the client stops", async () => {
        const subscription = await subscribe({ headers: withToken("garbage") });
        await subscription.untilOver();
        expect(subscription.events).to.deep.equal([]);
        expect(subscription.attempts).to.equal(1);
        if (!isSocket) expect(subscription.errors).to.include("401");
        else expect(subscription.closes).to.deep.equal([{ code: 1006, reason: "" }]);
      });
    });
  }
});

describe("sessionEvents in single-token mode", () => {
  const context = testContext({ JWT_PROFILE: "documented", JWT_LONG_RUNNING_REFRESH_TOKEN: "false" });
  const { subscribe } = openSubscriptions(context);

  for (const client of LIVE_CLIENTS.filter(({ transport }) => transport === "WebSocket")) {
    it(`takes the sid of a token for no session that has ended, over ${client.name}`, async () => {
      const { username } = await context.createUser();
      const token = context.token({ username, sid: "a session of another issuer" });
      const subscription = await subscribe(client, { headers: withToken(token) });
      await context.timers.pass(5);
      expect(await subscription.me()).to.equal(username);
      expect([subscription.isOver, subscription.events, subscription.errors]).to.deep.equal([false, [], []]);
    });
  }
});
