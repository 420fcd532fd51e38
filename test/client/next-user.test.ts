import { expect } from "chai";
import { memoryStore } from "../../src/client/index.js";
import { Browser } from "../support/browser.js";
import { PASSWORD, testContext } from "../support/test-context.js";
import { loggedIn, newClient } from "./lab/new-client.js";

/** Ends the sessions of whoever asks: nobody else's may end. */
const REVOKE = "auth.revokeAllSessions";

const headers = { "content-type": "application/json" };
const POST = { method: "POST", headers, body: "{}" };

for (const profile of ["hardened", "documented"]) {
  describe(`a request of the user before, profile ${profile}`, () => {
    const context = testContext({ JWT_PROFILE: profile, JWT_LONG_RUNNING_REFRESH_TOKEN: "true" });
    const url = () => `${context.url}/trpc/${REVOKE}`;

    /** Ada is logged in here, Bob somewhere else. */
    async function adaAndBob() {
      const store = memoryStore();
      const { username: bob } = await context.createUser();
      await context.loginAgain(bob);
      const lab = await loggedIn(context, { store });
      const openOfBob = async () => (await context.sessionsOf(bob)).filter(({ revoked }) => revoked === null).length;
      const spoil = () => {
        const stored = store.get();
        if (stored) store.set({ ...stored, token: "garbage" });
      };
      const asked = () => lab.traffic.sent.filter(({ path }) => path === REVOKE);
      return { ...lab, store, bob, openOfBob, spoil, asked };
    }

    it("is not sent again as the next one, when it is refused late", async () => {
      const { auth, traffic, bob, openOfBob, spoil, asked } = await adaAndBob();
      spoil();
      let arrived = () => {};
      const arrival = new Promise<void>((resolve) => (arrived = resolve));
      let open = () => {};
      const gate = new Promise<void>((resolve) => (open = resolve));
      traffic.fate = async ({ path }) => {
        if (path === REVOKE) await (arrived(), gate);
        return "through" as const;
      };
      const request = auth.fetch(url(), POST);
      await arrival;
      await auth.logout();
      await auth.login(bob, PASSWORD);
      open();
      expect((await request).status).to.equal(401);
      expect(asked()).to.have.length(1);
      expect(await openOfBob()).to.equal(2);
    });

    it("is not sent again as one who logs in while its token is refreshed", async () => {
      const { auth, traffic, bob, openOfBob, spoil, asked } = await adaAndBob();
      const issued = await context.loginAgain(bob);
      spoil();
      traffic.fate = ({ path }) => {
        if (path === "auth.refreshToken") auth.adopt(issued);
        return "through";
      };
      expect((await auth.fetch(url(), POST)).status).to.equal(401);
      expect([asked().length, traffic.refreshes]).to.deep.equal([1, 1]);
      expect(auth.session?.user?.username).to.equal(bob);
      expect(await openOfBob()).to.equal(2);
    });

    it("that waits for a login is sent as whose it is", async () => {
      const { auth, store, bob, openOfBob, asked } = await adaAndBob();
      const ada = store.get()?.token;
      context.clock.advance(280);
      const login = auth.login(bob, PASSWORD);
      const response = await auth.fetch(url(), POST);
      await login;
      expect(response.status).to.equal(200);
      expect(asked().map(({ authorization }) => authorization)).to.deep.equal([`JWT ${ada}`]);
      expect(auth.session?.user?.username).to.equal(bob);
      expect(await openOfBob()).to.equal(2);
    });

    it("is sent again where the same user has logged in anew", async () => {
      const { auth, traffic, user, spoil, asked } = await adaAndBob();
      const issued = await context.loginAgain(user.username);
      spoil();
      traffic.fate = ({ path }) => {
        if (path === REVOKE && asked().length === 1) auth.adopt(issued);
        return "through";
      };
      expect((await auth.fetch(url(), POST)).status).to.equal(200);
      expect(asked().map(({ authorization }) => authorization)).to.deep.equal(["JWT garbage", `JWT ${issued.token}`]);
      expect(traffic.refreshes).to.equal(0);
    });
  });
}

describe("a request of the user before, with cookies", () => {
  const context = testContext({ JWT_COOKIES: "true", JWT_HIDE_TOKEN_FIELDS: "true" });

  /** A page where Ada is logged in; `after` holds back what was answered to a request. */
  async function pageOfAda(after: (path: string | undefined) => Promise<void> = async () => {}) {
    const browser = new Browser();
    const [{ username: ada }, { username: bob }] = [await context.createUser(), await context.createUser()];
    const answered: string[] = [];
    const { auth } = newClient(context, {
      cookies: true,
      csrfToken: () => browser.cookie("csrftoken"),
      store: memoryStore(),
      async fetch(input, init) {
        const path = new URL(input).pathname.split("/").at(-1);
        const response = await browser.fetch(input as string, init);
        answered.push(`${path} ${response.status}`);
        await after(path);
        return response;
      },
    });
    await auth.login(ada, PASSWORD);
    answered.length = 0;
    const revoke = () => auth.fetch(`${context.url}/trpc/${REVOKE}`, POST);
    const openOfBob = async () => (await context.sessionsOf(bob)).filter(({ revoked }) => revoked === null).length;
    return { auth, browser, ada, bob, answered, revoke, openOfBob };
  }

  it("is not sent again as the next one, when it is refused late", async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { auth, bob, answered, revoke, openOfBob, ada } = await pageOfAda(async (path) => {
      if (path === REVOKE) await gate;
    });
    await new Browser().fetch(`${context.url}/trpc/auth.tokenAuth`, credentialsOf(bob));
    await context.changeUser(ada, { isActive: false });
    const request = revoke();
    await auth.logout();
    await auth.login(bob, PASSWORD);
    open();
    expect((await request).status).to.equal(401);
    expect(answered.filter((line) => line.startsWith(REVOKE))).to.deep.equal([`${REVOKE} 401`]);
    expect(await openOfBob()).to.equal(2);
  });

  it("that waits for a login is sent as nobody's: the cookies are somebody else's by then", async () => {
    const { auth, browser, bob, answered, revoke, openOfBob } = await pageOfAda();
    await new Browser().fetch(`${context.url}/trpc/auth.tokenAuth`, credentialsOf(bob));
    context.clock.advance(280);
    const login = auth.login(bob, PASSWORD);
    const response = await revoke();
    await login;
    expect([response.status, browser.sent]).to.deep.equal([401, []]);
    expect(answered).to.deep.equal(["auth.tokenAuth 200", `${REVOKE} 401`]);
    expect(await openOfBob()).to.equal(2);
  });
});

function credentialsOf(username: string): RequestInit {
  return { method: "POST", headers, body: JSON.stringify({ username, password: PASSWORD }) };
}
