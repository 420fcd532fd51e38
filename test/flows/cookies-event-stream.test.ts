import { expect } from "chai";
import { Browser } from "../support/browser.js";
import { dataOf, graphqlFace } from "../support/faces.js";
import { PASSWORD, testContext } from "../support/test-context.js";

const DELETED = {
  value: "",
  attributes: ["Max-Age=0", "Path=/", "Expires=Thu, 01 Jan 1970 00:00:00 GMT", "HttpOnly"],
};

for (const hidden of ["false", "true"]) {
  describe(`cookies of an answer by Server-Sent Events, hideTokenFields ${hidden}`, () => {
    const context = testContext({
      JWT_PROFILE: "documented",
      JWT_COOKIES: "true",
      JWT_HIDE_TOKEN_FIELDS: hidden,
      JWT_LONG_RUNNING_REFRESH_TOKEN: "true",
      JWT_REUSE_REFRESH_TOKENS: "true",
    });
    let browser = new Browser();
    beforeEach(() => {
      browser = new Browser();
    });

    const accept = "text/event-stream";
    /** A client that asks for everything as a stream, and takes the first result of each. */
    async function streamed(url: string, init: RequestInit = {}): Promise<Response> {
      const headers = new Headers(init.headers);
      headers.set("accept", accept);
      const response = await browser.fetch(url, { ...init, headers });
      expect(response.headers.get("content-type")).to.equal("text/event-stream; charset=utf-8");
      const [, result = ""] = /^data: (.*)$/m.exec(await response.text()) ?? [];
      return new Response(result, response);
    }
    const face = graphqlFace(() => ({
      url: context.url,
      hasRefreshTokens: true,
      hidesTokens: context.hidesTokens,
      fetch: streamed,
    }));

    async function login() {
      const { username } = await context.createUser();
      dataOf(await face.tokenAuth({ username, password: PASSWORD }));
      return username;
    }

    it("are set by a login", async () => {
      const username = await login();
      expect(browser.set).to.have.all.keys("JWT", "JWT-refresh-token", "csrftoken");
      expect(dataOf(await face.me())?.username).to.equal(username);
      expect(browser.set).to.deep.equal({});
    });

    it("are set by each refresh: the next one is no replay", async () => {
      const username = await login();
      for (const generation of [1, 2]) {
        const before = browser.cookie("JWT-refresh-token");
        dataOf(await face.refreshToken({}));
        expect(browser.set).to.have.all.keys("JWT", "JWT-refresh-token", "csrftoken");
        expect(browser.cookie("JWT-refresh-token")).to.not.equal(before);
        expect((await context.sessionsOf(username))[0]).to.deep.include({ generation, revoked: null });
      }
      expect(context.eventNames).to.not.include("refreshTokenReplayed");
    });

    it("are deleted on request and by a logout", async () => {
      await login();
      expect(await face.deleteTokenCookie()).to.deep.equal({ data: { deleted: true } });
      expect(browser.set).to.deep.equal({ JWT: DELETED });
      dataOf(await face.revokeToken({}));
      expect(browser.set).to.deep.equal({ "JWT-refresh-token": DELETED });
      expect([...browser.cookies.keys()]).to.deep.equal(["csrftoken"]);
    });

    it("are deleted where they are bad, and the answer says so", async () => {
      await login();
      browser.cookies.set("JWT", "garbage");
      expect(await face.me()).to.deep.equal({ data: null });
      expect(browser.set).to.deep.equal({ JWT: DELETED });
      expect(browser.challenge).to.equal('JWT error="invalid_token"');
    });

    for (const path of ["/graphql?query=subscription{sessionEvents{at}}", "/trpc/auth.sessionEvents"]) {
      it(`are deleted where a subscription comes with bad ones, to ${path}`, async () => {
        browser.cookies.set("JWT", "garbage");
        const response = await browser.fetch(context.url + path, { headers: { accept } });
        expect(response.headers.get("content-type")).to.include(accept);
        expect(await response.text()).to.include("UNAUTHENTICATED");
        expect(browser.set).to.deep.equal({ JWT: DELETED });
        expect(browser.challenge).to.equal('JWT error="invalid_token"');
      });
    }
  });
}
