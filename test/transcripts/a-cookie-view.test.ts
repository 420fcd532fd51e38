import { expect } from "chai";
import { Browser } from "../support/browser.js";
import { graphql } from "../support/http.js";
import { NOW, PASSWORD, testContext } from "../support/test-context.js";
import { ask, data, differs } from "./ask.js";
import { ME, TOKEN_AUTH } from "./queries.js";
import { A } from "./sections.js";

const WEEK = 7 * 24 * 3600;
const ACCESS = ["Max-Age=3600", "Path=/", "Expires=Mon, 01 Jan 2024 01:00:00 GMT", "HttpOnly"];
const REFRESH = ["Max-Age=604800", "Path=/", "Expires=Mon, 08 Jan 2024 00:00:00 GMT", "HttpOnly"];

// The ancestor has a view of its own that sets cookies; every view of its reads them.
describe(`${A.title}, the jwt_cookie view as the setting cookies`, () => {
  const context = testContext({ ...A.settings, JWT_COOKIES: "true" });

  it("tokenAuth over jwt_cookie view", async () => {
    const browser = new Browser();
    const { username } = await context.createUser();
    const variables = { u: username, p: PASSWORD };
    const { status, body } = await graphql<{ tokenAuth: { token: string; refreshToken: string } }>(
      `${context.url}/graphql`,
      TOKEN_AUTH,
      variables,
      {},
      browser.fetch,
    );
    const { token, refreshToken } = body.data?.tokenAuth ?? {};
    const payload = { username, exp: NOW + 3600, origIat: NOW };
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      data: { tokenAuth: { token, payload, refreshExpiresIn: NOW + WEEK, refreshToken } },
    });
    const { csrftoken, ...set } = browser.set; // Django's own middleware sets that one, on every answer.
    expect(set).to.deep.equal({
      JWT: { value: token, attributes: ACCESS },
      "JWT-refresh-token": { value: refreshToken, attributes: REFRESH },
    });
    expect(csrftoken?.attributes).to.not.include("HttpOnly");
  });

  it(
    differs(
      "refreshToken over jwt_cookie view, refresh token from the cookie",
      "it takes the header X-CSRFToken, which the ancestor's test application had exempted; and it is the same token again",
    ),
    async () => {
      const browser = new Browser();
      const { refreshToken: cookie } = await context.login();
      browser.cookies.set("JWT-refresh-token", cookie).set("csrftoken", "proof");
      const { body } = await graphql<{ refreshToken: { token: string; refreshToken: string } }>(
        `${context.url}/graphql`,
        "mutation { refreshToken { token refreshToken } }",
        {},
        {},
        browser.fetch,
      );
      const { token } = body.data?.refreshToken ?? {};
      expect(body).to.deep.equal({ data: { refreshToken: { token, refreshToken: cookie } } });
      expect(browser.set["JWT"]).to.deep.equal({ value: token, attributes: ACCESS });
      expect(browser.set["JWT-refresh-token"]).to.deep.equal({ value: cookie, attributes: REFRESH });
    },
  );

  it(differs("me, valid token in the JWT cookie", "a POST with cookies takes the header X-CSRFToken"), async () => {
    const { id, username } = await context.createUser();
    const { token } = await context.loginAgain(username);
    const cookie = `JWT=${token}; csrftoken=proof`;
    expect(await ask(context, ME, {}, { cookie, "x-csrftoken": "proof" })).to.deep.equal(
      data({ me: { id, username } }),
    );
    expect((await ask(context, ME, {}, { cookie })).status).to.equal(403);
  });
});

describe(A.title, () => {
  const context = testContext(A.settings);

  it(
    differs(
      "me, valid token in the JWT cookie (plain view)",
      "cookies are not looked at unless the setting cookies is on; every view of django-graphql-jwt reads them",
    ),
    async () => {
      const { token } = await context.login();
      expect(await ask(context, ME, {}, { cookie: `JWT=${token}` })).to.deep.equal(data({ me: null }));
    },
  );
});
