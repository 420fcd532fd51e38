import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { NOW, testContext } from "../support/test-context.js";
import { type Answer, answered, ask, data, differs, refusedWhole } from "./ask.js";
import { REQUEST_BY_REFRESH, REVOKE_BOOLEAN, VERIFY_TIMES } from "./queries.js";
import { G } from "./sections.js";

const WEEK = 7 * 24 * 3600;
const INVALID = ["Invalid refresh token", "INVALID_REFRESH_TOKEN"] as const;

onEachDatabase(G.title, (createDatabase) => {
  const context = testContext(G.settings, createDatabase);

  it("verifyToken, valid", async () => {
    const { token } = await context.login();
    expect(await ask(context, VERIFY_TIMES, { t: token })).to.deep.equal(
      data({ verifyToken: { exp: NOW + 3600, iat: NOW } }),
    );
  });

  const bad: [name: string, token: () => string, message: string, code: string][] = [
    ["garbage", () => "garbage", "Error decoding signature", "INVALID_TOKEN"],
    [
      "wrong signature",
      () => context.token({ username: "alice" }, { secret: "other" }),
      "Error decoding signature",
      "INVALID_TOKEN",
    ],
    ["expired", () => context.token({ username: "alice", exp: NOW - 1 }), "Signature has expired", "TOKEN_EXPIRED"],
  ];
  for (const [name, token, message, code] of bad) {
    it(`verifyToken, ${name}`, async () => {
      expect(await ask(context, VERIFY_TIMES, { t: token() })).to.deep.equal(
        refusedWhole("verifyToken", message, code, 25),
      );
    });
  }

  it(
    differs("verifyToken, token without origIat", "iat is null; strawberry-django-extras crashes: \"'origIat'\""),
    async () => {
      const t = context.token({ username: "alice", origIat: undefined });
      expect(await ask(context, VERIFY_TIMES, { t })).to.deep.equal(
        data({ verifyToken: { exp: NOW + 60, iat: null } }),
      );
    },
  );

  /** Asserts a new access token, and the refresh token that was sent with the times that it had. */
  function assertRefreshed(answer: Answer, refreshToken: string): void {
    const { token } = answered(answer, "requestToken");
    expect(token).to.match(/^eyJ/);
    expect(answer).to.deep.equal(
      data({ requestToken: { token, refreshToken: { token: refreshToken, exp: NOW + WEEK, iat: NOW } } }),
    );
  }

  it("requestToken(refreshToken:), ok (1st use of r1)", async () => {
    const { refreshToken } = await context.login();
    context.clock.advance(1);
    assertRefreshed(await ask(context, REQUEST_BY_REFRESH, { r: refreshToken }), refreshToken);
  });

  it("requestToken(refreshToken:), r1 again (REUSE False)", async () => {
    const { refreshToken, username } = await context.login();
    await ask(context, REQUEST_BY_REFRESH, { r: refreshToken });
    context.clock.advance(1);
    assertRefreshed(await ask(context, REQUEST_BY_REFRESH, { r: refreshToken }), refreshToken);
    expect(await context.sessionsOf(username)).to.have.length(1);
  });

  for (const [name, r] of [
    ["requestToken(refreshToken:), unknown token", "0".repeat(40)],
    ["requestToken(refreshToken: null)", null],
  ] as const) {
    it(name, async () => {
      expect(await ask(context, REQUEST_BY_REFRESH, { r })).to.deep.equal(refusedWhole("requestToken", ...INVALID));
    });
  }

  it(
    differs(
      "requestToken(refreshToken:), user made inactive since",
      "refused; strawberry-django-extras issues a token to a disabled user",
    ),
    async () => {
      const { refreshToken, username } = await context.login();
      await context.changeUser(username, { isActive: false });
      expect(await ask(context, REQUEST_BY_REFRESH, { r: refreshToken })).to.deep.equal(
        refusedWhole("requestToken", "User is disabled", "USER_DISABLED"),
      );
    },
  );

  it("revokeToken", async () => {
    const { refreshToken, username } = await context.login();
    expect(await ask(context, REVOKE_BOOLEAN, { t: refreshToken })).to.deep.equal(data({ revokeToken: true }));
    expect((await context.sessionsOf(username))[0]?.revoked).to.deep.equal(context.clock.now());
  });

  it("revokeToken again", async () => {
    const { refreshToken } = await context.login();
    await ask(context, REVOKE_BOOLEAN, { t: refreshToken });
    expect(await ask(context, REVOKE_BOOLEAN, { t: refreshToken })).to.deep.equal(
      refusedWhole("revokeToken", ...INVALID, 25),
    );
  });

  it("revokeToken, unknown", async () => {
    expect(await ask(context, REVOKE_BOOLEAN, { t: "1".repeat(40) })).to.deep.equal(
      refusedWhole("revokeToken", ...INVALID, 25),
    );
  });

  it("requestToken(refreshToken:) after revokeToken", async () => {
    const { refreshToken } = await context.login();
    await ask(context, REVOKE_BOOLEAN, { t: refreshToken });
    expect(await ask(context, REQUEST_BY_REFRESH, { r: refreshToken })).to.deep.equal(
      refusedWhole("requestToken", ...INVALID),
    );
  });

  it("requestToken(refreshToken:), older than JWT_REFRESH_EXPIRATION_DELTA", async () => {
    const { refreshToken } = await context.login();
    context.clock.advance(WEEK + 1);
    expect(await ask(context, REQUEST_BY_REFRESH, { r: refreshToken })).to.deep.equal(
      refusedWhole("requestToken", "Token expired", "REFRESH_TOKEN_EXPIRED"),
    );
  });
});
