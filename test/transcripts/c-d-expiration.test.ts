import { expect } from "chai";
import { NOW, testContext } from "../support/test-context.js";
import { answered, ask, askWith, data, differs, refused, unauthorized } from "./ask.js";
import { ME, REFRESH, VERIFY } from "./queries.js";
import { C, D } from "./sections.js";

const YEAR = 365 * 24 * 3600;

describe(C.title, () => {
  const context = testContext(C.settings);

  it(
    differs(
      "me, access token expired 1 s ago",
      '401 by the handler; django-graphql-jwt: 200 and "Signature has expired"',
    ),
    async () => {
      const { token } = await context.login();
      context.clock.advance(2);
      expect(await askWith(context, token, ME)).to.deep.equal(unauthorized("Token expired"));
    },
  );

  it("verifyToken, expired", async () => {
    const { token } = await context.login();
    context.clock.advance(2);
    expect(await ask(context, VERIFY, { t: token })).to.deep.equal(
      refused("verifyToken", "Signature has expired", "TOKEN_EXPIRED"),
    );
  });

  it(
    differs(
      "refreshToken after the access token's expiry",
      "the same refresh token, for what is left of its 3 s; django-graphql-jwt's is another, for 3 s from then",
    ),
    async () => {
      const { refreshToken, username } = await context.login();
      context.clock.advance(2);
      const answer = await ask(context, REFRESH, { r: refreshToken });
      const { token } = answered(answer, "refreshToken");
      const payload = { username, exp: NOW + 3, origIat: NOW + 2 };
      expect(token).to.match(/^eyJ/);
      expect(answer).to.deep.equal(data({ refreshToken: { token, payload, refreshExpiresIn: NOW + 3, refreshToken } }));
    },
  );

  it("refreshToken after JWT_REFRESH_EXPIRATION_DELTA", async () => {
    const { refreshToken } = await context.login();
    context.clock.advance(4);
    expect(await ask(context, REFRESH, { r: refreshToken })).to.deep.equal(
      refused("refreshToken", "Refresh token is expired", "REFRESH_TOKEN_EXPIRED"),
    );
  });
});

describe(D.title, () => {
  const context = testContext(D.settings);

  it("me, access token expired 1 s ago", async () => {
    const { id, username } = await context.createUser();
    const { token } = await context.loginAgain(username);
    context.clock.advance(2);
    expect(await askWith(context, token, ME)).to.deep.equal(data({ me: { id, username } }));
  });

  it("me, token expired a year ago", async () => {
    const { id, username } = await context.createUser();
    const token = context.token({ username, exp: NOW + 1 });
    context.clock.advance(1 + YEAR);
    expect(await askWith(context, token, ME)).to.deep.equal(data({ me: { id, username } }));
  });

  it("verifyToken, expired", async () => {
    const { token, username } = await context.login();
    context.clock.advance(2);
    const payload = { username, exp: NOW + 1, origIat: NOW };
    expect(await ask(context, VERIFY, { t: token })).to.deep.equal(data({ verifyToken: { payload } }));
  });
});
