import { expect } from "chai";
import type { AuthEventName } from "../../src/index.js";
import { dataOf } from "../support/faces.js";
import { PASSWORD, START, testContext } from "../support/test-context.js";

describe("auth events", () => {
  const context = testContext();

  for (const face of context.faces) {
    it(`carry the user, the session, the time and the request, over ${face.name}`, async () => {
      const { username } = await context.createUser();
      const headers = { "user-agent": "the test" };
      const { payload, refreshToken } = dataOf(await face.tokenAuth({ username, password: PASSWORD }, headers));
      await face.refreshToken({ refreshToken }, headers);
      await face.revokeToken({ refreshToken }, headers);
      await face.tokenAuth({ username, password: "wrong" }, headers);

      const session = payload["sid"];
      expect(context.events.map(({ name, user, session: of }) => ({ name, user, session: of }))).to.deep.equal([
        { name: "tokenIssued", user: username, session },
        { name: "refreshTokenRotated", user: username, session },
        { name: "tokenRefreshed", user: username, session },
        { name: "refreshTokenRevoked", user: username, session },
        { name: "loginFailed", user: username, session: undefined },
      ]);
      for (const { at, request } of context.events) {
        expect(at).to.deep.equal(new Date(START));
        expect(request?.address).to.equal("127.0.0.1");
        expect(request?.method).to.equal("POST");
        expect(request?.headers["user-agent"]).to.equal("the test");
      }
    });

    for (const [how, listener] of [
      ["throws", () => expect.fail("the listener's own error")],
      ["rejects", () => Promise.reject(new Error("the listener's own error"))],
    ] as const) {
      it(`change no answer when a listener ${how}, and the log says so, over ${face.name}`, async () => {
        const names: AuthEventName[] = ["tokenIssued", "tokenRefreshed", "refreshTokenRotated", "loginFailed"];
        const stops = names.map((name) => context.server.application.auth.events.on(name, listener));
        try {
          const { username } = await context.createUser();
          const { refreshToken } = dataOf(await face.tokenAuth({ username, password: PASSWORD }));
          expect(await face.refreshToken({ refreshToken })).to.have.property("data");
          const failed = await face.tokenAuth({ username, password: "wrong" });
          expect(failed).to.deep.include({ code: "INVALID_CREDENTIALS", message: "Please enter valid credentials" });
        } finally {
          stops.forEach((stop) => stop());
        }
        const lines = context.log.filter(({ msg }) => msg === "a listener of an auth event failed");
        expect(lines.map(({ event }) => event)).to.deep.equal([
          "tokenIssued",
          "refreshTokenRotated",
          "tokenRefreshed",
          "loginFailed",
        ]);
        expect(lines[0]?.["err"]).to.deep.include({ message: "the listener's own error" });
      });
    }
  }

  it("are no longer told to a listener that was stopped, and to each listener once", async () => {
    const heard: string[] = [];
    const { events } = context.server.application.auth;
    const stopFirst = events.on("tokenIssued", ({ user }) => void heard.push(`first ${user}`));
    const stopSecond = events.on("tokenIssued", ({ user }) => void heard.push(`second ${user}`));
    const { username } = await context.login();
    stopFirst();
    stopFirst();
    await context.loginAgain(username);
    stopSecond();
    await context.loginAgain(username);
    expect(heard).to.deep.equal([`first ${username}`, `second ${username}`, `second ${username}`]);
  });
});
