import { expect } from "chai";
import { decode } from "../support/forge.js";
import { NOW, PASSWORD, testContext } from "../support/test-context.js";
import { type Answer, answered, ask, data, differs, refusedWhole } from "./ask.js";
import { REQUEST_BY_REFRESH, REQUEST_TOKEN, REVOKE_BOOLEAN, VERIFY_TIMES } from "./queries.js";
import { assertLimitRefused } from "./refresh-limit.js";
import { K, L } from "./sections.js";

const HOUR = 3600;
const EXPIRED = (code: string) => refusedWhole("requestToken", "Token expired", code);

/** The access token of an answer that has no refresh token. */
function tokenOf(answer: Answer): string {
  const { token = "" } = answered(answer, "requestToken");
  expect(answer).to.deep.equal(data({ requestToken: { token, refreshToken: null } }));
  return token;
}

describe(K.title, () => {
  const context = testContext(K.settings);

  it(differs("the settings", "a refresh limit of 4 s with access tokens of an hour does not start"), async () => {
    await assertLimitRefused({ JWT_MUTATIONS: "strawberry" });
  });

  it("requestToken", async () => {
    const { username } = await context.createUser();
    const token = tokenOf(await ask(context, REQUEST_TOKEN, { u: username, p: PASSWORD }));
    expect(decode(token, "payload")).to.deep.equal({ username, exp: NOW + HOUR, origIat: NOW });
  });

  it(
    differs(
      "requestToken(refreshToken: the JWT) within the limit",
      "origIat is kept; strawberry-django-extras moves it",
    ),
    async () => {
      const { token, username } = await context.login();
      context.clock.advance(2);
      const refreshed = tokenOf(await ask(context, REQUEST_BY_REFRESH, { r: token }));
      expect(decode(refreshed, "payload")).to.deep.equal({ username, exp: NOW + 2 + HOUR, origIat: NOW });
    },
  );

  it("expired access token", async () => {
    const { username } = await context.createUser();
    const r = context.token({ username, exp: NOW - 1 });
    expect(await ask(context, REQUEST_BY_REFRESH, { r })).to.deep.equal(EXPIRED("TOKEN_EXPIRED"));
  });

  it("garbage", async () => {
    expect(await ask(context, REQUEST_BY_REFRESH, { r: "garbage" })).to.deep.equal(EXPIRED("INVALID_TOKEN"));
  });

  it(
    differs("unknown user", "strawberry-django-extras crashes: \"'NoneType' object has no attribute 'get_username'\""),
    async () => {
      const r = context.token({ username: "ghost" });
      expect(await ask(context, REQUEST_BY_REFRESH, { r })).to.deep.equal(
        refusedWhole("requestToken", "Invalid payload", "INVALID_PAYLOAD"),
      );
    },
  );

  it(
    differs("token without origIat", "refused, for nothing limits it; strawberry-django-extras refreshes it for ever"),
    async () => {
      const { username } = await context.createUser();
      const r = context.token({ username, origIat: undefined });
      expect(await ask(context, REQUEST_BY_REFRESH, { r })).to.deep.equal(
        refusedWhole("requestToken", "origIat field is required", "INVALID_PAYLOAD"),
      );
    },
  );

  for (const [name, age] of [
    ["first token past origIat + delta", HOUR + 1],
    ["token with origIat 30 days ago", 30 * 24 * HOUR],
  ] as const) {
    it(differs(name, "refused; strawberry-django-extras never looks at the limit"), async () => {
      const { username } = await context.createUser();
      const r = context.token({ username, origIat: NOW - age });
      expect(await ask(context, REQUEST_BY_REFRESH, { r })).to.deep.equal(EXPIRED("REFRESH_TOKEN_EXPIRED"));
    });
  }

  it(
    differs(
      "revokeToken in single-token mode",
      "strawberry-django-extras crashes: \"name 'get_refresh_token' is not defined\"",
    ),
    async () => {
      const { token } = await context.login();
      expect(await ask(context, REVOKE_BOOLEAN, { t: token })).to.deep.equal(
        refusedWhole("revokeToken", "Invalid refresh token", "INVALID_REFRESH_TOKEN", 25),
      );
    },
  );
});

describe(L.title, () => {
  const context = testContext(L.settings);

  it("requestToken", async () => {
    const { username } = await context.createUser();
    const token = tokenOf(await ask(context, REQUEST_TOKEN, { u: username, p: PASSWORD }));
    expect(decode(token, "payload")).to.deep.equal({ username, exp: NOW + HOUR });
  });

  it("requestToken(refreshToken:)", async () => {
    const { token } = await context.login();
    expect(await ask(context, REQUEST_BY_REFRESH, { r: token })).to.deep.equal(
      refusedWhole("requestToken", "Token refresh not supported", "REFRESH_NOT_ALLOWED"),
    );
  });

  it(
    differs(
      "verifyToken, valid (no origIat in the payload)",
      "iat is null; strawberry-django-extras crashes: \"'origIat'\"",
    ),
    async () => {
      const { token } = await context.login();
      expect(await ask(context, VERIFY_TIMES, { t: token })).to.deep.equal(
        data({ verifyToken: { exp: NOW + HOUR, iat: null } }),
      );
    },
  );
});
