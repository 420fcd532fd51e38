import { expect } from "chai";
import { dataOf, withToken } from "../support/faces.js";
import { PASSWORD, testContext } from "../support/test-context.js";

const WARN = 40;
const INFO = 30;

describe("the audit log", () => {
  const context = testContext();

  function auditLines() {
    return context.log
      .filter(({ msg }) => msg === "auth event")
      .map(({ level, event, user, session }) => ({ level, event, user, session }));
  }

  for (const face of context.faces) {
    it(`has one line for each event, with the request's id and nothing secret, over ${face.name}`, async () => {
      const { username } = await context.createUser();
      const first = dataOf(await face.tokenAuth({ username, password: PASSWORD }));
      const second = dataOf(await face.refreshToken({ refreshToken: first.refreshToken }));
      context.clock.advance(60);
      await face.refreshToken({ refreshToken: first.refreshToken }); // A replay.
      const third = dataOf(await face.tokenAuth({ username, password: PASSWORD }));
      await face.revokeOtherSessions(withToken(third.token)); // There are none: no event.
      const newPassword = "another long password";
      const fourth = dataOf(await face.setPassword({ currentPassword: PASSWORD, newPassword }, withToken(third.token)));
      await face.revokeToken({ refreshToken: fourth.refreshToken });
      await face.tokenAuth({ username, password: "wrong-but-telling" });

      const user = username;
      const [one, three, four] = [first, third, fourth].map(({ payload }) => payload["sid"]);
      expect(auditLines()).to.deep.equal([
        { level: INFO, event: "tokenIssued", user, session: one },
        { level: INFO, event: "refreshTokenRotated", user, session: one },
        { level: INFO, event: "tokenRefreshed", user, session: one },
        { level: INFO, event: "refreshTokenRevoked", user, session: one },
        { level: WARN, event: "refreshTokenReplayed", user, session: one },
        { level: INFO, event: "tokenIssued", user, session: three },
        { level: INFO, event: "passwordChanged", user, session: null },
        { level: INFO, event: "sessionsRevoked", user, session: null },
        { level: INFO, event: "tokenIssued", user, session: four },
        { level: INFO, event: "refreshTokenRevoked", user, session: four },
        { level: WARN, event: "loginFailed", user, session: null },
      ]);
      const requests = new Set(context.log.filter(({ msg }) => msg !== "auth event").map(({ reqId }) => reqId));
      for (const line of context.log.filter(({ msg }) => msg === "auth event")) {
        expect(line["address"]).to.equal("127.0.0.1");
        expect(requests.has(line["reqId"])).to.equal(true);
      }
      const written = JSON.stringify(context.log);
      const secrets = [first, second, third, fourth].flatMap(({ token, refreshToken = "" }) => [token, refreshToken]);
      for (const secret of [...secrets, PASSWORD, newPassword, "wrong-but-telling"]) {
        expect(written).to.not.include(secret);
      }
    });

    it(`does not keep what was typed for the name of nobody, over ${face.name}`, async () => {
      await face.tokenAuth({ username: "my-Passw0rd-in-the-wrong-field", password: "x" });
      expect(auditLines()).to.deep.equal([{ level: WARN, event: "loginFailed", user: null, session: null }]);
      expect(JSON.stringify(context.log)).to.not.include("my-Passw0rd");
    });
  }
});
