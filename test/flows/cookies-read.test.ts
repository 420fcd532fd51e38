import { expect } from "chai";
import { Browser, browserFaces } from "../support/browser.js";
import { dataOf, type Face } from "../support/faces.js";
import { forge } from "../support/forge.js";
import { graphql } from "../support/http.js";
import { NOW, PASSWORD, testContext, type TestContext } from "../support/test-context.js";

const DELETED = {
  value: "",
  attributes: ["Max-Age=0", "Path=/", "Expires=Thu, 01 Jan 1970 00:00:00 GMT", "HttpOnly"],
};

/** Cookies that hold no token to accept: from a good one of the user. */
const BAD: Readonly<Record<string, (token: string, username: string, context: TestContext) => unknown>> = {
  garbage: () => "garbage",
  "a quoted token": (token) => `"${token}"`,
  "a token with a changed signature": (token) => `${token.slice(0, -2)}AA`,
  "a token of another secret": (_, username) => forge({ username }, { secret: "other" }),
  "an expired token": (_, username) => forge({ username, exp: NOW - 1 }),
  "a token without a username": () => forge({ exp: NOW + 60 }),
  "a percent sign": () => "%",
  "8 kB": () => "x".repeat(8192),
  "a token of a disabled user": async (token, username, context) => {
    await context.changeUser(username, { isActive: false });
    return token;
  },
};

describe("cookies of a request", () => {
  const context = testContext({
    JWT_PROFILE: "documented",
    JWT_COOKIES: "true",
    JWT_VERIFY_EXPIRATION: "true",
    JWT_LONG_RUNNING_REFRESH_TOKEN: "true",
    JWT_REUSE_REFRESH_TOKENS: "true",
    JWT_REFRESH_GRACE_PERIOD: "10",
  });
  let browser = new Browser();
  beforeEach(() => {
    browser = new Browser();
  });

  async function login(face: Face) {
    const { username } = await context.createUser();
    return { username, ...dataOf(await face.tokenAuth({ username, password: PASSWORD })) };
  }

  const faces = browserFaces(context, () => browser);
  const [graphqlInBrowser] = faces;
  for (const face of faces) {
    describe(`over ${face.name}`, () => {
      it("give way to a token in the header", async () => {
        await login(face);
        const other = await context.login();
        expect(dataOf(await face.me({ authorization: `JWT ${other.token}` }))?.username).to.equal(other.username);
      });

      it("do not help a bad token in the header, and are kept", async () => {
        await login(face);
        const outcome = await face.me({ authorization: "JWT garbage" });
        expect(outcome).to.include({ message: "Invalid token", status: 401 });
        expect(browser.set).to.deep.equal({});
        expect(dataOf(await face.me())).to.not.equal(null);
      });

      it("count where the header is somebody else's", async () => {
        const { username } = await login(face);
        expect(dataOf(await face.me({ authorization: "Basic YWxpY2U6eA==" }))?.username).to.equal(username);
      });

      for (const [name, cookie] of Object.entries(BAD)) {
        it(`are anonymous and deleted if they hold ${name}`, async () => {
          const { username, token } = await login(face);
          browser.cookies.set("JWT", String(await cookie(token, username, context)));
          expect(await face.me()).to.deep.equal({ data: null });
          expect(browser.set).to.deep.equal({ JWT: DELETED });
          expect(browser.challenge).to.equal('JWT error="invalid_token"'); // No script can see the cookie.
          expect(browser.cookie("JWT")).to.equal(undefined);
          expect(await face.me()).to.deep.equal({ data: null });
          expect(browser.challenge).to.equal(null);
        });
      }

      it("let a person log in again over a bad one", async () => {
        const { username } = await login(face);
        browser.cookies.set("JWT", "garbage");
        const { token } = dataOf(await face.tokenAuth({ username, password: PASSWORD }));
        expect(browser.cookie("JWT")).to.equal(token);
        expect(browser.challenge).to.equal(null); // The next request has a good one.
      });

      it("are deleted on request without a word of a bad token", async () => {
        await login(face);
        dataOf(await face.deleteTokenCookie());
        expect(browser.challenge).to.equal(null);
      });

      it("stand in for the argument of verifyToken", async () => {
        const { payload } = await login(face);
        expect(await face.verifyToken({})).to.deep.equal({ data: { payload } });
        const other = await context.login();
        const outcome = await face.verifyToken({ token: other.token });
        expect(dataOf(outcome).payload).to.include({ username: other.username });
      });

      it("stand in for the argument of refreshToken", async () => {
        const { username, refreshToken } = await login(face);
        const refreshed = dataOf(await face.refreshToken({}));
        expect(refreshed.payload).to.include({ username });
        expect(refreshed.refreshToken).to.not.equal(refreshToken);
        expect(browser.cookie("JWT-refresh-token")).to.equal(refreshed.refreshToken);
        expect(dataOf(await face.refreshToken({})).refreshToken).to.not.equal(refreshed.refreshToken);
        const other = await context.login();
        const outcome = await face.refreshToken({ refreshToken: other.refreshToken });
        expect(dataOf(outcome).payload).to.include({ username: other.username });
      });

      it("stand in for the argument of revokeToken, and the refresh token's is deleted", async () => {
        const { username, refreshToken } = await login(face);
        expect(await face.revokeToken({})).to.deep.equal({ data: { revoked: NOW } });
        expect(browser.set).to.deep.equal({ "JWT-refresh-token": DELETED });
        expect((await context.sessionsOf(username))[0]?.revoked).to.deep.equal(context.clock.now());
        const required = { code: "TOKEN_REQUIRED", message: "Refresh token is required" };
        expect(await face.refreshToken({})).to.include(required);
        const invalid = { code: "INVALID_REFRESH_TOKEN", message: "Invalid refresh token" };
        expect(await face.refreshToken({ refreshToken })).to.include(invalid);
      });

      it("are deleted too when the argument of revokeToken is what they hold, and stay when it is another", async () => {
        const { username, refreshToken } = await login(face);
        const other = await context.loginAgain(username);
        dataOf(await face.revokeToken({ refreshToken: other.refreshToken }));
        expect(browser.set).to.deep.equal({});
        dataOf(await face.revokeToken({ refreshToken }));
        expect(browser.set).to.deep.equal({ "JWT-refresh-token": DELETED });
      });

      it("are deleted on request, which tells whether there were any", async () => {
        const { username } = await login(face);
        expect(await face.deleteTokenCookie()).to.deep.equal({ data: { deleted: true } });
        expect(browser.set).to.deep.equal({ JWT: DELETED });
        expect(await face.deleteTokenCookie()).to.deep.equal({ data: { deleted: false } });
        expect(await face.deleteRefreshTokenCookie()).to.deep.equal({ data: { deleted: true } });
        expect(browser.set).to.deep.equal({ "JWT-refresh-token": DELETED });
        expect(await face.deleteRefreshTokenCookie()).to.deep.equal({ data: { deleted: false } });
        expect(await face.me()).to.deep.equal({ data: null });
        expect((await context.sessionsOf(username))[0]?.revoked).to.equal(null); // The session itself goes on.
      });
    });
  }

  it("are kept for a client to hear of a bad one, where the browser asks for something else by itself", async () => {
    await login(graphqlInBrowser);
    browser.cookies.set("JWT", "garbage");
    for (const path of ["/", "/healthz", "/.well-known/jwks.json", "/nowhere"]) {
      await browser.fetch(context.url + path);
      expect([browser.set, browser.challenge], path).to.deep.equal([{}, null]);
    }
    expect(await graphqlInBrowser.me()).to.deep.equal({ data: null });
    expect(browser.set).to.deep.equal({ JWT: DELETED });
  });

  describe("and lazy rotation", () => {
    const REFRESH = "mutation ($r: String) { refreshToken(refreshToken: $r) { payload } }";

    it("is not applied to a cookie: the next refresh token arrives in one", async () => {
      const { username, refreshToken } = await login(graphqlInBrowser);
      const { body } = await graphql(`${context.url}/graphql`, REFRESH, {}, {}, browser.fetch);
      expect(body.errors).to.equal(undefined);
      expect(browser.cookie("JWT-refresh-token")).to.not.equal(refreshToken);
      expect((await context.sessionsOf(username))[0]?.generation).to.equal(1);
      expect(await graphqlInBrowser.refreshToken({})).to.have.property("data");
    });

    it("is applied to an argument: its client may not keep cookies, and would lose the next one", async () => {
      const { username, refreshToken } = await context.login();
      const { body } = await graphql(`${context.url}/graphql`, REFRESH, { r: refreshToken });
      expect(body.errors).to.equal(undefined);
      expect((await context.sessionsOf(username))[0]?.generation).to.equal(0);
      expect(await context.graphql.refreshToken({ refreshToken })).to.have.property("data");
    });
  });

  describe("that are odd", () => {
    /** `Cookie` headers, and whether the token in them counts. */
    const headers: [name: string, header: (token: string) => string, counts: boolean][] = [
      ["several cookies", (token) => `theme=dark; JWT=${token}; JWT2=x`, true],
      ["no spaces", (token) => `theme=dark;JWT=${token};JWT2=x`, true],
      ["spaces around everything", (token) => `  theme = dark ;  JWT = ${token}  `, true],
      ["the same name twice: the first", (token) => `JWT=${token}; JWT=garbage`, true],
      ["the same name twice: not the second", (token) => `JWT=garbage; JWT=${token}`, false],
      ["a name in another case", (token) => `jwt=${token}`, false],
      ["quotes", (token) => `JWT="${token}"`, false],
      ["an empty cookie", () => "JWT=", false],
      ["a name alone", () => "JWT", false],
      ["a value alone", () => "=JWT", false],
      ["semicolons", () => ";;;; ; ;", false],
      ["bad percent encoding", (token) => `a=%E0%A4%A; JWT=${token}; b=%`, true],
      ["names of every object", (token) => `__proto__=x; constructor=y; JWT=${token}; toString=z`, true],
      ["bytes that are no ASCII", (token) => `a=\u00ff\u0080; JWT=${token}`, true],
      ["1000 cookies", (token) => `${"a=b; ".repeat(1000)}JWT=${token}`, true],
      ["one of 12 kB", (token) => `a=${"b".repeat(12_000)}; JWT=${token}`, true],
    ];
    for (const [name, header, counts] of headers) {
      it(`${counts ? "are read" : "are none"}: ${name}`, async () => {
        const { token, username } = await context.login();
        const query = new URLSearchParams({ query: "{ me { username } }" }).toString();
        for (const [path, place] of [
          [`/graphql?${query}`, "data.me"],
          ["/trpc/auth.me", "result.data"],
        ] as const) {
          const response = await fetch(context.url + path, { headers: { cookie: header(token) } });
          expect(response.status).to.equal(200);
          const answer: unknown = await response.json();
          if (counts) expect(answer).to.have.nested.property(`${place}.username`, username);
          else expect(answer).to.have.nested.property(place, null);
        }
      });
    }

    it("are refused where there are more than the server reads", async () => {
      const cookie = "a=b; ".repeat(10_000);
      expect((await fetch(`${context.url}/trpc/auth.me`, { headers: { cookie } })).status).to.equal(431);
    });

    it("write no header of their own into the answer", async () => {
      const { token } = await login(graphqlInBrowser);
      browser.cookies.set("csrftoken", "a%0d%0aSet-Cookie:x=y%3b Path=/x");
      browser.sendsCsrf = false;
      dataOf(await graphqlInBrowser.refreshToken({}, { authorization: `JWT ${token}` }));
      expect(browser.set).to.have.all.keys("JWT", "JWT-refresh-token", "csrftoken");
      expect(browser.cookie("csrftoken")).to.equal("a%0D%0ASet-Cookie%3Ax%3Dy%3B%20Path%3D%2Fx");
    });
  });
});

describe("cookies of a session that is over, with verifySession", () => {
  const context = testContext({ JWT_COOKIES: "true" }); // The hardened profile.
  let browser = new Browser();
  beforeEach(() => {
    browser = new Browser();
  });

  for (const face of browserFaces(context, () => browser)) {
    it(`are anonymous and deleted at the next request over ${face.name}`, async () => {
      const { username } = await context.createUser();
      dataOf(await face.tokenAuth({ username, password: PASSWORD }));
      dataOf(await face.revokeToken({}));
      expect(browser.cookies).to.have.all.keys("__Host-JWT", "__Host-csrftoken");
      expect(await face.me()).to.deep.equal({ data: null });
      expect(browser.cookies).to.have.all.keys("__Host-csrftoken");
    });
  }
});
