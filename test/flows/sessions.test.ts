import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, type Face, refusal, withToken } from "../support/faces.js";
import { NOW, PASSWORD, testContext } from "../support/test-context.js";

const WEEK = 7 * 24 * 3600;
const DENIED = "You do not have permission to perform this action";
const NO_SUCH_SESSION = ["NOT_FOUND", "There is no such session", 404] as const;
const SOMEBODYS_ID = "018cc251-f400-7000-8000-000000000000";

onEachDatabase("sessions that a person can see and end", (createDatabase) => {
  const context = testContext({}, createDatabase); // The hardened profile, with verifySession.

  /** Logs a user in again from another device, some time after the test began. */
  async function loginFrom(device: string, username: string) {
    const answer = await context.trpc.tokenAuth({ username, password: PASSWORD }, { "user-agent": device });
    const { token, refreshToken = "", payload } = dataOf(answer);
    context.forget();
    return { token, refreshToken, sid: String(payload["sid"]) };
  }

  async function isAccepted(face: Face, token: string): Promise<boolean> {
    const outcome = await face.me(withToken(token));
    if (!("data" in outcome)) expect(outcome).to.include({ message: "Invalid token", status: 401 });
    return "data" in outcome;
  }

  for (const face of context.faces) {
    describe(`over ${face.name}`, () => {
      it("lists device, address and times, the latest used first, and marks the one that asks", async () => {
        const { username } = await context.createUser();
        const phone = await loginFrom("phone", username);
        context.clock.advance(60);
        const laptop = await loginFrom("laptop", username);
        context.clock.advance(60);
        dataOf(await face.refreshToken({ refreshToken: phone.refreshToken }, { "user-agent": "phone 2" }));

        const address = "127.0.0.1";
        expect(await face.sessions({}, withToken(laptop.token))).to.deep.equal({
          data: [
            {
              id: phone.sid,
              device: "phone 2",
              address,
              created: NOW,
              lastUsed: NOW + 120,
              expires: NOW + 120 + WEEK,
              current: false,
            },
            {
              id: laptop.sid,
              device: "laptop",
              address,
              created: NOW + 60,
              lastUsed: NOW + 60,
              expires: NOW + 60 + WEEK,
              current: true,
            },
          ],
        });
      });

      it("lists neither sessions that have expired nor those of others", async () => {
        const { username } = await context.createUser();
        await loginFrom("old", username);
        context.clock.advance(WEEK);
        const { token, sid } = await loginFrom("new", username);
        expect(dataOf(await face.sessions({}, withToken(token)))).to.have.length(2); // To its very last second.
        context.clock.advance(1);
        await context.login();
        expect(dataOf(await face.sessions({}, withToken(token))).map(({ id }) => id)).to.deep.equal([sid]);
      });

      it("lists none from before the password was set by somebody else, and none of a user who is gone", async () => {
        const staff = await context.login({ isStaff: true });
        const { username: user } = await context.login();
        context.clock.advance(1);
        await context.changeUser(user, { tokensValidAfter: context.clock.now() });
        expect(await face.sessions({ user }, withToken(staff.token))).to.deep.equal({ data: [] });
        const { token, sid } = await loginFrom("phone", user);
        expect(dataOf(await face.sessions({}, withToken(token))).map(({ id }) => id)).to.deep.equal([sid]);
        await context.deleteUser(user);
        expect(await face.sessions({ user }, withToken(staff.token))).to.deep.equal({ data: [] });
      });

      it("ends one session: its tokens are refused at once, the others go on", async () => {
        const { username } = await context.createUser();
        const phone = await loginFrom("phone", username);
        const laptop = await loginFrom("laptop", username);
        expect(await isAccepted(face, phone.token)).to.equal(true);
        expect(await face.revokeSession({ id: phone.sid }, withToken(laptop.token))).to.deep.equal({
          data: { revoked: NOW },
        });

        expect(await isAccepted(face, phone.token)).to.equal(false);
        const invalid = refusal(face, "INVALID_REFRESH_TOKEN", "Invalid refresh token");
        expect(await face.refreshToken({ refreshToken: phone.refreshToken })).to.deep.equal(invalid);
        expect(await face.verifyToken({ token: phone.token })).to.deep.equal(
          refusal(face, "INVALID_TOKEN", "Invalid token"),
        );
        expect(await isAccepted(face, laptop.token)).to.equal(true);
        expect(dataOf(await face.sessions({}, withToken(laptop.token))).map(({ id }) => id)).to.deep.equal([
          laptop.sid,
        ]);
        expect(context.events.map(({ name, user, session }) => ({ name, user, session }))).to.deep.equal([
          { name: "refreshTokenRevoked", user: username, session: phone.sid },
        ]);
      });

      it("ends the session that asks, too: that is a logout", async () => {
        const { token, sid } = await context.login();
        expect(await face.revokeSession({ id: sid }, withToken(token))).to.have.property("data");
        expect(await isAccepted(face, token)).to.equal(false);
      });

      it("tells somebody else's session, an unknown one and one that has ended alike, and ends nothing", async () => {
        const { username, token } = await context.login();
        const gone = await loginFrom("gone", username);
        const other = await context.login();
        await face.revokeSession({ id: gone.sid }, withToken(token));
        context.forget();
        const ids = [other.sid, SOMEBODYS_ID, gone.sid, String(other.sid).toUpperCase(), "", "x".repeat(10_000), "%"];
        for (const id of ids) {
          expect(await face.revokeSession({ id }, withToken(token))).to.deep.equal(refusal(face, ...NO_SUCH_SESSION));
        }
        expect(await isAccepted(face, other.token)).to.equal(true);
        expect(await isAccepted(face, token)).to.equal(true);
        expect(context.events).to.deep.equal([]);
      });

      it("ends all other sessions, and the one that asks goes on", async () => {
        const { username, token, refreshToken, sid } = await context.login();
        const others = [await loginFrom("phone", username), await loginFrom("laptop", username)];
        const stranger = await context.login();
        expect(await face.revokeOtherSessions(withToken(token))).to.deep.equal({ data: { count: 2 } });

        for (const other of others) expect(await isAccepted(face, other.token)).to.equal(false);
        expect(await isAccepted(face, token)).to.equal(true);
        expect(await isAccepted(face, stranger.token)).to.equal(true);
        expect(context.events).to.have.length(1);
        expect(context.events[0]).to.deep.include({ name: "sessionsRevoked", user: username, count: 2, except: sid });
        expect(await face.revokeOtherSessions(withToken(token))).to.deep.equal({ data: { count: 0 } });
        expect(context.events).to.have.length(1);
        expect(await face.refreshToken({ refreshToken })).to.have.property("data");
      });

      it("ends all sessions, of this user alone", async () => {
        const { username, token } = await context.login();
        const phone = await loginFrom("phone", username);
        const stranger = await context.login();
        expect(await face.revokeAllSessions({}, withToken(token))).to.deep.equal({ data: { count: 2 } });
        expect(await isAccepted(face, token)).to.equal(false);
        expect(await isAccepted(face, phone.token)).to.equal(false);
        expect(await isAccepted(face, stranger.token)).to.equal(true);
        expect(context.events).to.have.length(1);
        expect(context.events[0]).to.deep.include({
          name: "sessionsRevoked",
          user: username,
          count: 2,
          except: undefined,
        });
      });

      it("lets staff see and end the sessions of a user", async () => {
        const staff = await context.login({ isStaff: true });
        const { username: user, token, sid } = await context.login();
        await loginFrom("phone", user);
        const listed = dataOf(await face.sessions({ user }, withToken(staff.token)));
        expect(listed).to.have.length(2);
        expect(listed.filter(({ current }) => current)).to.deep.equal([]);
        // Naming the session alone is not enough: whose it is has to be meant.
        expect(await face.revokeSession({ id: sid }, withToken(staff.token))).to.deep.equal(
          refusal(face, ...NO_SUCH_SESSION),
        );
        expect(await face.revokeSession({ user, id: sid }, withToken(staff.token))).to.have.property("data");
        expect(await isAccepted(face, token)).to.equal(false);
        expect(await face.revokeAllSessions({ user }, withToken(staff.token))).to.deep.equal({ data: { count: 1 } });
        expect(await face.sessions({ user }, withToken(staff.token))).to.deep.equal({ data: [] });
        expect(await face.sessions({ user: "nobody" }, withToken(staff.token))).to.deep.equal({ data: [] });
        expect(await isAccepted(face, staff.token)).to.equal(true);
      });

      it("lets nobody else, not even a superuser who is no staff, and everybody name themselves", async () => {
        const { username: user, token, sid } = await context.login();
        for (const isSuperuser of [false, true]) {
          const other = withToken((await context.login({ isSuperuser })).token);
          const forbidden = refusal(face, "FORBIDDEN", DENIED, 403);
          expect(await face.sessions({ user }, other)).to.deep.equal(forbidden);
          expect(await face.sessions({ user: "nobody" }, other)).to.deep.equal(forbidden);
          expect(await face.revokeSession({ user, id: sid }, other)).to.deep.equal(forbidden);
          expect(await face.revokeAllSessions({ user }, other)).to.deep.equal(forbidden);
        }
        expect(context.events).to.deep.equal([]);
        expect(dataOf(await face.sessions({ user }, withToken(token))).map(({ id }) => id)).to.deep.equal([sid]);
        expect(await face.revokeAllSessions({ user }, withToken(token))).to.deep.equal({ data: { count: 1 } });
      });

      it("is for no anonymous request", async () => {
        const { username: user, sid: id } = await context.login();
        const denied = refusal(face, "UNAUTHENTICATED", DENIED);
        expect(await face.sessions({})).to.deep.equal(denied);
        expect(await face.sessions({ user })).to.deep.equal(denied);
        expect(await face.revokeSession({ id, user })).to.deep.equal(denied);
        expect(await face.revokeOtherSessions()).to.deep.equal(denied);
        expect(await face.revokeAllSessions({ user })).to.deep.equal(denied);
        expect(context.events).to.deep.equal([]);
      });

      it("refuses the name of a user that none can have", async () => {
        const staff = withToken((await context.login({ isStaff: true })).token);
        for (const [user, message] of [
          ["x".repeat(256), "user must not be longer than 255 characters"],
          ["a\0", "user must not contain control characters"],
        ] as const) {
          const refused = { code: "BAD_USER_INPUT", message, status: 400 };
          expect(await face.sessions({ user }, staff)).to.deep.equal(refused);
          expect(await face.revokeSession({ user, id: SOMEBODYS_ID }, staff)).to.deep.equal(refused);
          expect(await face.revokeAllSessions({ user }, staff)).to.deep.equal(refused);
        }
      });
    });
  }
});

onEachDatabase("sessions without verifySession, in the documented profile", (createDatabase) => {
  const context = testContext({ JWT_PROFILE: "documented", JWT_LONG_RUNNING_REFRESH_TOKEN: "true" }, createDatabase);

  for (const face of context.faces) {
    it(`cannot be told from the one that asks, because no token names it, over ${face.name}`, async () => {
      const { token, username } = await context.login();
      await context.loginAgain(username);
      const listed = dataOf(await face.sessions({}, withToken(token)));
      expect(listed.map(({ current }) => current)).to.deep.equal([false, false]);
      const message = "The access token does not name its session";
      expect(await face.revokeOtherSessions(withToken(token))).to.deep.equal(refusal(face, "INVALID_PAYLOAD", message));
      expect(await face.revokeAllSessions({}, withToken(token))).to.deep.equal({ data: { count: 2 } });
      expect(await face.me(withToken(token))).to.have.property("data"); // Until it expires.
    });
  }
});
