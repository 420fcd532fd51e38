import { expect } from "chai";
import { NOW, PASSWORD, testContext } from "../support/test-context.js";
import { answered, ask, askWith, data, differs, invalid, refused } from "./ask.js";
import { ME, SINGLE_REFRESH, SINGLE_TOKEN_AUTH, TOKEN_AUTH } from "./queries.js";
import { assertLimitRefused } from "./refresh-limit.js";
import { E, F } from "./sections.js";

const HOUR = 3600;
const WEEK = 7 * 24 * HOUR;

describe(E.title, () => {
  const context = testContext(E.settings);

  it(differs("the settings", "a refresh limit of 4 s with access tokens of an hour does not start"), async () => {
    await assertLimitRefused();
  });

  it("tokenAuth", async () => {
    const { username } = await context.createUser();
    const answer = await ask(context, SINGLE_TOKEN_AUTH, { u: username, p: PASSWORD });
    const { token } = answered(answer, "tokenAuth");
    const payload = { username, exp: NOW + HOUR, origIat: NOW };
    expect(token).to.match(/^eyJ/);
    expect(answer).to.deep.equal(data({ tokenAuth: { token, payload, refreshExpiresIn: NOW + HOUR } }));
  });

  it("tokenAuth selecting refreshToken", async () => {
    expect(await ask(context, TOKEN_AUTH, { u: "alice", p: PASSWORD })).to.deep.equal(
      invalid("GRAPHQL_VALIDATION_FAILED", ['Cannot query field "refreshToken" on type "ObtainJSONWebToken".', 109]),
    );
  });

  it("refreshToken within the limit", async () => {
    const { token: first, username } = await context.login();
    context.clock.advance(1);
    const answer = await ask(context, SINGLE_REFRESH, { t: first });
    const { token } = answered(answer, "refreshToken");
    const payload = { username, exp: NOW + 1 + HOUR, origIat: NOW };
    expect(token).to.match(/^eyJ/).and.not.equal(first);
    expect(answer).to.deep.equal(data({ refreshToken: { token, payload, refreshExpiresIn: NOW + HOUR } }));
  });

  it("refreshToken, old token again", async () => {
    const { token: first } = await context.login();
    context.clock.advance(1);
    const answer = await ask(context, SINGLE_REFRESH, { t: first });
    expect(answer.status).to.equal(200);
    expect(await ask(context, SINGLE_REFRESH, { t: first })).to.deep.equal(answer);
  });

  it("refreshToken without origIat", async () => {
    const { username } = await context.createUser();
    const t = context.token({ username, origIat: undefined });
    expect(await ask(context, SINGLE_REFRESH, { t })).to.deep.equal(
      refused("refreshToken", "origIat field is required", "INVALID_PAYLOAD"),
    );
  });

  it("refreshToken of an expired access token", async () => {
    const { username } = await context.createUser();
    const t = context.token({ username, exp: NOW - 1 });
    expect(await ask(context, SINGLE_REFRESH, { t })).to.deep.equal(
      refused("refreshToken", "Signature has expired", "TOKEN_EXPIRED"),
    );
  });

  it("refreshToken, garbage", async () => {
    expect(await ask(context, SINGLE_REFRESH, { t: "garbage" })).to.deep.equal(
      refused("refreshToken", "Error decoding signature", "INVALID_TOKEN"),
    );
  });

  it("refreshToken, inactive user", async () => {
    const { username } = await context.createUser({ isActive: false });
    expect(await ask(context, SINGLE_REFRESH, { t: context.token({ username }) })).to.deep.equal(
      refused("refreshToken", "User is disabled", "USER_DISABLED"),
    );
  });

  it(
    differs(
      "refreshToken, unknown user",
      "django-graphql-jwt crashes: \"'NoneType' object has no attribute 'get_username'\"",
    ),
    async () => {
      expect(await ask(context, SINGLE_REFRESH, { t: context.token({ username: "ghost" }) })).to.deep.equal(
        refused("refreshToken", "Invalid payload", "INVALID_PAYLOAD"),
      );
    },
  );

  // A token outlives the limit where it is refreshed late, or was issued before the settings were changed.
  it("refreshToken of the first token past origIat + delta", async () => {
    const { username } = await context.createUser();
    const t = context.token({ username, origIat: NOW - HOUR - 1, exp: NOW + 60 });
    expect(await ask(context, SINGLE_REFRESH, { t })).to.deep.equal(
      refused("refreshToken", "Refresh has expired", "REFRESH_TOKEN_EXPIRED"),
    );
  });

  describe("with a token that was refreshed late", () => {
    async function refreshedLate() {
      const { id, username } = await context.createUser();
      const { token } = await context.loginAgain(username);
      context.clock.advance(HOUR - 1);
      const { token: t } = answered(await ask(context, SINGLE_REFRESH, { t: token }), "refreshToken");
      context.clock.advance(2);
      return { id, username, t: t ?? "" };
    }

    it("refreshToken of the refreshed token past origIat + delta", async () => {
      const { t } = await refreshedLate();
      expect(await ask(context, SINGLE_REFRESH, { t })).to.deep.equal(
        refused("refreshToken", "Refresh has expired", "REFRESH_TOKEN_EXPIRED"),
      );
    });

    it("me with that token (still before its exp)", async () => {
      const { id, username, t } = await refreshedLate();
      expect(await askWith(context, t, ME)).to.deep.equal(data({ me: { id, username } }));
    });
  });

  it("argument missing", async () => {
    expect(await ask(context, "mutation { refreshToken { token } }")).to.deep.equal(
      refused("refreshToken", "Token is required", "TOKEN_REQUIRED", 12),
    );
  });
});

describe(F.title, () => {
  const context = testContext(F.settings);

  it("tokenAuth", async () => {
    const { username } = await context.createUser();
    const answer = await ask(context, SINGLE_TOKEN_AUTH, { u: username, p: PASSWORD });
    const { token } = answered(answer, "tokenAuth");
    expect(token).to.match(/^eyJ/);
    expect(answer).to.deep.equal(
      data({ tokenAuth: { token, payload: { username, exp: NOW + HOUR }, refreshExpiresIn: NOW + WEEK } }),
    );
  });

  it("refreshToken", async () => {
    const { token } = await context.login();
    expect(await ask(context, SINGLE_REFRESH, { t: token })).to.deep.equal(
      refused("refreshToken", "origIat field is required", "INVALID_PAYLOAD"),
    );
  });
});
