import { expect } from "chai";
import { Browser, browserFaces } from "../support/browser.js";
import { dataOf } from "../support/faces.js";
import { PASSWORD, testContext } from "../support/test-context.js";

const COOKIES = ["__Host-JWT", "__Secure-JWT-refresh-token"];

describe("the cookies of a person who looks after the account", () => {
  const context = testContext({ JWT_COOKIES: "true" });
  let browser = new Browser();
  beforeEach(() => {
    browser = new Browser();
  });

  for (const face of browserFaces(context, () => browser)) {
    async function logIn(): Promise<string> {
      const { username } = await context.createUser();
      dataOf(await face.tokenAuth({ username, password: PASSWORD }));
      return username;
    }

    it(`are those of the new session after setPassword over ${face.name}`, async () => {
      const username = await logIn();
      const { token } = dataOf(await face.setPassword({ currentPassword: PASSWORD, newPassword: "another-Passw0rd" }));
      expect(browser.set["__Host-JWT"]?.value).to.equal(token);
      expect(dataOf(await face.me())?.username).to.equal(username);
      dataOf(await face.refreshToken({}));
    });

    for (const named of [false, true]) {
      it(`go with all one's sessions over ${face.name}, ${named ? "also by one's own name" : "without a name"}`, async () => {
        const user = await logIn();
        expect(await face.revokeAllSessions(named ? { user } : {})).to.deep.equal({ data: { count: 1 } });
        expect(COOKIES.map((name) => browser.set[name]?.value)).to.deep.equal(["", ""]);
        expect(await face.me()).to.deep.equal({ data: null });
      });
    }

    it(`stay when staff ends the sessions of somebody else over ${face.name}`, async () => {
      const { username } = await context.createUser({ isStaff: true });
      dataOf(await face.tokenAuth({ username, password: PASSWORD }));
      const other = await context.login();
      expect(await face.revokeAllSessions({ user: other.username })).to.deep.equal({ data: { count: 1 } });
      expect(dataOf(await face.me())?.username).to.equal(username);
    });
  }
});
