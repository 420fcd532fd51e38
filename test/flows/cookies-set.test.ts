import { expect } from "chai";
import { REFRESH_PATHS } from "../../src/server/paths.js";
import { Browser, browserFaces, type SetCookie } from "../support/browser.js";
import { dataOf } from "../support/faces.js";
import { graphql } from "../support/http.js";
import { PASSWORD, START, testContext } from "../support/test-context.js";

const WEEK = 7 * 24 * 3600;
const DOCUMENTED = { JWT_PROFILE: "documented", JWT_LONG_RUNNING_REFRESH_TOKEN: "true" };
const DAY = 24 * 3600;

/** The attributes of a cookie that was set `after` seconds after the test began, and lives for some seconds. */
function lifetime(seconds: number, after = 0, scope = ["Path=/"]): string[] {
  const end = new Date(Date.parse(START) + (after + seconds) * 1000);
  return [`Max-Age=${seconds}`, ...scope, `Expires=${end.toUTCString()}`];
}

/** What an answer sets after a login or refresh with both kinds of token. */
function issued(
  browser: Browser,
  expected: {
    tokens: { token: string; refreshToken?: string };
    access: string[];
    refresh: (path: string) => string[];
    hardened?: boolean;
  },
): Record<string, SetCookie> {
  const { tokens, access, refresh, hardened = false } = expected;
  const [prefix, security] = hardened ? ["__Host-", ["Secure", "SameSite=Lax"]] : ["", []];
  const refreshCookie = hardened ? "__Secure-JWT-refresh-token" : "JWT-refresh-token";
  const ofRefreshToken = (hardened ? REFRESH_PATHS : ["/"]).map((path, index) => [
    index === 0 ? refreshCookie : `${refreshCookie} at ${path}`,
    { value: tokens.refreshToken ?? "", attributes: [...refresh(path), "HttpOnly", ...security] },
  ]);
  return {
    [`${prefix}JWT`]: { value: tokens.token, attributes: [...access, "HttpOnly", ...security] },
    ...(Object.fromEntries(ofRefreshToken) as Record<string, SetCookie>),
    [`${prefix}csrftoken`]: { value: browser.cookie("csrftoken") ?? "", attributes: [...refresh("/"), ...security] },
  };
}

/** As `lifetime`, for a cookie of any path. */
const refreshLifetime =
  (seconds: number, after = 0) =>
  (path: string) =>
    lifetime(seconds, after, [`Path=${path}`]);

describe("cookies that are set in the documented profile", () => {
  const context = testContext({
    JWT_PROFILE: "documented",
    JWT_COOKIES: "true",
    JWT_LONG_RUNNING_REFRESH_TOKEN: "true",
    JWT_REUSE_REFRESH_TOKENS: "true",
  });
  let browser = new Browser();
  beforeEach(() => {
    browser = new Browser();
  });

  for (const face of browserFaces(context, () => browser)) {
    describe(`over ${face.name}`, () => {
      it("are those of django-graphql-jwt at a login, and the CSRF cookie for scripts", async () => {
        const { username } = await context.createUser();
        const tokens = dataOf(await face.tokenAuth({ username, password: PASSWORD }));
        expect(browser.set).to.deep.equal(
          issued(browser, { tokens, access: lifetime(300), refresh: refreshLifetime(WEEK) }),
        );
        expect(browser.cookie("csrftoken")).to.match(/^[\w-]{43}$/);
        expect(dataOf(await face.me())?.username).to.equal(username);
        expect(browser.set).to.deep.equal({});
      });

      it("are set anew at a refresh, for as long from then on, and the CSRF token stays", async () => {
        const { username } = await context.createUser();
        const first = dataOf(await face.tokenAuth({ username, password: PASSWORD }));
        const csrf = browser.cookie("csrftoken");
        context.clock.advance(60);
        const tokens = dataOf(await face.refreshToken({}));
        expect(tokens.refreshToken).to.not.equal(first.refreshToken);
        expect(browser.set).to.deep.equal(
          issued(browser, { tokens, access: lifetime(300, 60), refresh: refreshLifetime(WEEK, 60) }),
        );
        expect(browser.cookie("csrftoken")).to.equal(csrf);
      });

      it("are none when a login or refresh is refused", async () => {
        const { username } = await context.createUser();
        await face.tokenAuth({ username, password: "wrong" });
        expect(browser.set).to.deep.equal({});
        await face.refreshToken({});
        expect(browser.set).to.deep.equal({});
      });
    });
  }
});

describe("cookies that are set in the hardened profile", () => {
  const context = testContext({ JWT_COOKIES: "true" });
  let browser = new Browser();
  beforeEach(() => {
    browser = new Browser();
  });

  for (const face of browserFaces(context, () => browser)) {
    it(`over ${face.name} are Secure, SameSite=Lax and bound to the host`, async () => {
      const { username } = await context.createUser();
      const expected = { hardened: true };
      const first = dataOf(await face.tokenAuth({ username, password: PASSWORD }));
      expect(browser.set).to.deep.equal(
        issued(browser, { ...expected, tokens: first, access: lifetime(300), refresh: refreshLifetime(WEEK) }),
      );
      context.clock.advance(60);
      const second = dataOf(await face.refreshToken({}));
      expect(browser.set).to.deep.equal(
        issued(browser, { ...expected, tokens: second, access: lifetime(300, 60), refresh: refreshLifetime(WEEK, 60) }),
      );
      expect(dataOf(await face.me())?.username).to.equal(username);
    });
  }

  for (const face of browserFaces(context, () => browser)) {
    it(`over ${face.name}: the refresh token's goes to refreshes and logouts alone, at each of both faces`, async () => {
      const { username } = await context.createUser();
      const refreshCookie = "__Secure-JWT-refresh-token";
      const carries = async (call: Promise<unknown>) => {
        expect(await call).to.have.property("data");
        return browser.sent.includes(refreshCookie);
      };
      expect(await carries(face.tokenAuth({ username, password: PASSWORD }))).to.equal(false);
      const isGraphQL = face.api === "GraphQL"; // One address for all that it does.
      expect(await carries(face.me())).to.equal(isGraphQL);
      expect(await carries(face.sessions({}))).to.equal(isGraphQL);
      expect(browser.sent).to.include("__Host-JWT");
      for (const path of [
        "/",
        "/healthz",
        "/trpc",
        "/trpc/auth.me",
        "/trpc/auth.refreshTokens",
        "/graphqlx",
        "/page/x",
      ]) {
        await browser.fetch(context.url + path);
        expect(browser.sent, path).to.include("__Host-JWT").and.not.include(refreshCookie);
      }
      for (const other of browserFaces(context, () => browser)) {
        expect(await carries(other.refreshToken({}))).to.equal(true);
        expect(await carries(other.deleteTokenCookie())).to.equal(other.api === "GraphQL");
      }
      expect(await carries(face.revokeToken({}))).to.equal(true);
      expect(browser.cookies).to.have.all.keys("__Host-csrftoken");
    });
  }

  it("live no longer than the session may", async () => {
    const [face] = browserFaces(context, () => browser);
    const { username } = await context.createUser();
    dataOf(await face.tokenAuth({ username, password: PASSWORD }));
    for (let day = 6; day <= 84; day += 6) {
      context.clock.advance(6 * DAY);
      dataOf(await face.refreshToken({}));
    }
    context.clock.advance(5 * DAY); // 89 of the 90 days.
    dataOf(await face.refreshToken({}));
    expect(browser.set["__Secure-JWT-refresh-token"]?.attributes).to.include.members(
      lifetime(DAY, 89 * DAY, ["Path=/graphql"]),
    );
    expect(browser.set["__Host-csrftoken"]?.attributes).to.include.members(lifetime(DAY, 89 * DAY));
  });
});

/** Settings beside `cookies`, and the cookie of the access token that comes of them. */
const VARIANTS: [name: string, environment: Record<string, string>, cookie: string, attributes: string[]][] = [
  [
    "hardened with a path",
    { JWT_COOKIE_PATH: "/api" },
    "__Secure-JWT",
    [...lifetime(300, 0, ["Path=/api"]), "HttpOnly", "Secure", "SameSite=Lax"],
  ],
  [
    "hardened with a domain",
    { JWT_COOKIE_DOMAIN: "example.org" },
    "__Secure-JWT",
    [...lifetime(300, 0, ["Domain=example.org", "Path=/"]), "HttpOnly", "Secure", "SameSite=Lax"],
  ],
  [
    "hardened without HTTPS",
    { JWT_COOKIE_SECURE: "false" },
    "JWT",
    [...lifetime(300), "HttpOnly", "SameSite=Lax"], // A prefix would make browsers drop it.
  ],
  [
    "hardened with SameSite=Strict and a name",
    { JWT_COOKIE_SAME_SITE: "Strict", JWT_COOKIE_NAME: "session" },
    "__Host-session",
    [...lifetime(300), "HttpOnly", "Secure", "SameSite=Strict"],
  ],
  [
    "documented with everything",
    {
      JWT_PROFILE: "documented",
      JWT_COOKIE_SECURE: "true",
      JWT_COOKIE_SAME_SITE: "None",
      JWT_COOKIE_DOMAIN: "example.org",
      JWT_COOKIE_PATH: "/api",
      JWT_COOKIE_NAME: "session",
      JWT_EXPIRATION_DELTA: "1h",
    },
    "session",
    [...lifetime(3600, 0, ["Domain=example.org", "Path=/api"]), "HttpOnly", "Secure", "SameSite=None"],
  ],
];

for (const [name, environment, cookie, attributes] of VARIANTS) {
  describe(`cookies, ${name}`, () => {
    const context = testContext({ JWT_COOKIES: "true", ...environment });
    let browser = new Browser();
    beforeEach(() => {
      browser = new Browser(environment["JWT_COOKIE_PATH"]);
    });

    for (const face of browserFaces(context, () => browser)) {
      it(`are set, read and deleted over ${face.name}`, async () => {
        const { username } = await context.createUser();
        const { token } = dataOf(await face.tokenAuth({ username, password: PASSWORD }));
        expect(browser.set[cookie]).to.deep.equal({ value: token, attributes });
        expect(dataOf(await face.me())?.username).to.equal(username);
        // By its name, domain, path and security a browser knows which cookie is meant.
        expect(await face.deleteTokenCookie()).to.deep.equal({ data: { deleted: true } });
        const [, ...scope] = attributes.filter((attribute) => !attribute.startsWith("Expires="));
        expect(browser.set).to.have.all.keys(cookie);
        expect(browser.set[cookie]?.value).to.equal("");
        expect(browser.set[cookie]?.attributes).to.have.members([
          "Max-Age=0",
          "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
          ...scope,
        ]);
        expect(await face.me()).to.deep.equal({ data: null });
      });
    }
  });
}

describe("the paths of the refresh token's cookie", () => {
  for (const [what, environment, name, paths] of [
    ["of all cookies, where they have one", { JWT_COOKIE_PATH: "/api" }, "__Secure-", ["/api"]],
    ["as they are named", { JWT_REFRESH_TOKEN_COOKIE_PATH: "/a,/b,/a" }, "__Secure-", ["/a", "/b"]],
    ["everything, bound to the host", { JWT_REFRESH_TOKEN_COOKIE_PATH: "/" }, "__Host-", ["/"]],
    [
      "as they are named, in documented",
      { ...DOCUMENTED, JWT_REFRESH_TOKEN_COOKIE_PATH: "/graphql" },
      "",
      ["/graphql"],
    ],
    ["those of all cookies, in documented", DOCUMENTED, "", ["/"]],
  ] as const) {
    describe(what, () => {
      const context = testContext({ JWT_COOKIES: "true", ...environment });
      it("are set, and deleted, over both faces", async () => {
        const browser = new Browser();
        for (const face of browserFaces(context, () => browser)) {
          const { username } = await context.createUser();
          const { refreshToken } = dataOf(await face.tokenAuth({ username, password: PASSWORD }));
          const refreshCookies = () => Object.entries(browser.set).filter(([key]) => key.includes("refresh-token"));
          const pathsSet = () => refreshCookies().map(([, { attributes }]) => attributes[1]);
          expect(Object.keys(browser.set)).to.include(`${name}JWT-refresh-token`);
          expect(pathsSet()).to.deep.equal(paths.map((path) => `Path=${path}`));
          expect(new Set(refreshCookies().map(([, { value }]) => value))).to.deep.equal(new Set([refreshToken]));
          dataOf(await face.deleteRefreshTokenCookie());
          expect(pathsSet()).to.deep.equal(paths.map((path) => `Path=${path}`));
          expect(browser.cookie("refresh-token")).to.equal(undefined);
        }
      });
    });
  }
});

describe("cookies in single-token mode", () => {
  const context = testContext({ JWT_PROFILE: "documented", JWT_COOKIES: "true" });
  let browser = new Browser();
  beforeEach(() => {
    browser = new Browser();
  });

  for (const face of browserFaces(context, () => browser)) {
    it(`hold the access token alone, and it is refreshed from there over ${face.name}`, async () => {
      const { username } = await context.createUser();
      const first = dataOf(await face.tokenAuth({ username, password: PASSWORD }));
      expect(browser.set).to.deep.equal({
        JWT: { value: first.token, attributes: [...lifetime(300), "HttpOnly"] },
        csrftoken: { value: browser.cookie("csrftoken"), attributes: lifetime(WEEK) },
      });
      context.clock.advance(60);
      const second = dataOf(await face.refreshToken({}));
      expect(second.token).to.not.equal(first.token);
      expect(browser.set).to.deep.equal({
        JWT: { value: second.token, attributes: [...lifetime(300, 60), "HttpOnly"] },
        csrftoken: { value: browser.cookie("csrftoken"), attributes: lifetime(WEEK - 60, 60) },
      });
    });
  }
});

describe("cookies under strawberry-django-extras' mutations", () => {
  const context = testContext({ JWT_COOKIES: "true", JWT_MUTATIONS: "strawberry" });

  it("are set by requestToken", async () => {
    const browser = new Browser();
    const { username } = await context.createUser();
    const { body } = await graphql<{ requestToken: { token: string; refreshToken: { token: string } } }>(
      `${context.url}/graphql`,
      "mutation($u: String, $p: String) { requestToken(username: $u, password: $p) { token refreshToken { token } } }",
      { u: username, p: PASSWORD },
      {},
      browser.fetch,
    );
    expect(body.errors).to.equal(undefined);
    expect(browser.cookie("JWT")).to.equal(body.data?.requestToken.token);
    expect(browser.cookie("JWT-refresh-token")).to.equal(body.data?.requestToken.refreshToken.token);
  });
});

describe("cookies where the setting is off", () => {
  const context = testContext({ JWT_PROFILE: "documented", JWT_LONG_RUNNING_REFRESH_TOKEN: "true" });
  let browser = new Browser();
  beforeEach(() => {
    browser = new Browser();
  });

  for (const face of browserFaces(context, () => browser)) {
    it(`are neither set nor looked at over ${face.name}`, async () => {
      const { username } = await context.createUser();
      const { token, refreshToken = "" } = dataOf(await face.tokenAuth({ username, password: PASSWORD }));
      expect(browser.set).to.deep.equal({});
      browser.cookies.set("JWT", token).set("JWT-refresh-token", refreshToken);
      expect(await face.me()).to.deep.equal({ data: null });
      expect(await face.refreshToken({})).to.include({ message: "Refresh token is required" });
      expect(await face.verifyToken({})).to.include({ message: "Token is required" });
      expect(await face.revokeToken({})).to.include({ message: "Refresh token is required" });
      expect(await face.deleteTokenCookie()).to.deep.equal({ data: { deleted: false } });
      expect(await face.deleteRefreshTokenCookie()).to.deep.equal({ data: { deleted: false } });
      expect(browser.set).to.deep.equal({});
    });
  }
});
