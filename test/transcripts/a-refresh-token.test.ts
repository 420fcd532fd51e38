import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { NOW, testContext } from "../support/test-context.js";
import { type Answer, answered, ask, askWith, data, differs, refused, unauthorized } from "./ask.js";
import { LAZY_REFRESH, ME, REFRESH, REVOKE } from "./queries.js";
import { A } from "./sections.js";

const WEEK = 7 * 24 * 3600;
const INVALID = ["Invalid refresh token", "INVALID_REFRESH_TOKEN"] as const;

onEachDatabase(A.title, (createDatabase) => {
  const context = testContext(A.settings, createDatabase);

  /** Asserts a refresh `after` seconds: a new access token, and the refresh token that was sent, for as long as before. */
  function assertRefreshed(answer: Answer, of: { username: string; refreshToken: string }, after: number): void {
    expect(answer).to.deep.equal(
      data({
        refreshToken: {
          token: answered(answer, "refreshToken")["token"],
          payload: { username: of.username, exp: NOW + after + 3600, origIat: NOW + after },
          refreshExpiresIn: NOW + WEEK,
          refreshToken: of.refreshToken,
        },
      }),
    );
  }

  it(
    differs(
      "refreshToken, ok (1st use of r1)",
      "the same refresh token is answered and no row added; django-graphql-jwt inserts another and leaves the old one valid",
    ),
    async () => {
      const login = await context.login();
      context.clock.advance(1);
      const answer = await ask(context, REFRESH, { r: login.refreshToken });
      assertRefreshed(answer, login, 1);
      expect(await context.sessionsOf(login.username)).to.have.length(1);
      const { token = "" } = answered(answer, "refreshToken");
      expect(token).to.not.equal(login.token);
      expect(await askWith(context, token, "{ me { username } }")).to.deep.equal(
        data({ me: { username: login.username } }),
      );
    },
  );

  it(differs("refreshToken, the old refresh token r1 again (REUSE False)", "and again the same"), async () => {
    const login = await context.login();
    for (const second of [1, 2, 3]) {
      context.clock.advance(1);
      assertRefreshed(await ask(context, REFRESH, { r: login.refreshToken }), login, second);
    }
    expect(await context.sessionsOf(login.username)).to.have.length(1);
  });

  it("refreshToken, refreshToken field not selected", async () => {
    const { refreshToken, username } = await context.login();
    const answer = await ask(context, LAZY_REFRESH, { r: refreshToken });
    const { token } = answered(answer, "refreshToken");
    expect(token).to.match(/^eyJ/);
    expect(answer).to.deep.equal(data({ refreshToken: { token } }));
    expect(await context.sessionsOf(username)).to.have.length(1);
  });

  const strangers: [name: string, operation: "refreshToken" | "revokeToken", token: (access: string) => string][] = [
    ["refreshToken, unknown token", "refreshToken", () => "0".repeat(40)],
    ["refreshToken, an access token given", "refreshToken", (access) => access],
    ["revokeToken, unknown token", "revokeToken", () => "1".repeat(40)],
  ];
  for (const [name, operation, token] of strangers) {
    it(name, async () => {
      const login = await context.login();
      const r = token(login.token);
      const query = operation === "refreshToken" ? REFRESH : REVOKE;
      expect(await ask(context, query, { r })).to.deep.equal(refused(operation, ...INVALID));
    });
  }

  for (const [name, operation, selection] of [
    ["refreshToken, argument missing", "refreshToken", "token"],
    ["revokeToken, argument missing", "revokeToken", "revoked"],
  ] as const) {
    it(name, async () => {
      expect(await ask(context, `mutation { ${operation} { ${selection} } }`)).to.deep.equal(
        refused(operation, "Refresh token is required", "TOKEN_REQUIRED", 12),
      );
    });
  }

  it(
    differs(
      "refreshToken, user made inactive since",
      "refused; django-graphql-jwt issues both tokens to a disabled user",
    ),
    async () => {
      const { refreshToken, username } = await context.login();
      await context.changeUser(username, { isActive: false });
      expect(await ask(context, REFRESH, { r: refreshToken })).to.deep.equal(
        refused("refreshToken", "User is disabled", "USER_DISABLED"),
      );
    },
  );

  it(
    differs(
      "me with the still valid access token, user inactive since",
      '401 by the handler; django-graphql-jwt: 200 and "User is disabled"',
    ),
    async () => {
      const { token, username } = await context.login();
      await context.changeUser(username, { isActive: false });
      expect(await askWith(context, token, ME)).to.deep.equal(unauthorized("Invalid token"));
    },
  );

  it("refreshToken, refresh token older than JWT_REFRESH_EXPIRATION_DELTA", async () => {
    const { refreshToken } = await context.login();
    context.clock.advance(WEEK + 1);
    expect(await ask(context, REFRESH, { r: refreshToken })).to.deep.equal(
      refused("refreshToken", "Refresh token is expired", "REFRESH_TOKEN_EXPIRED"),
    );
  });

  it("revokeToken of an expired refresh token", async () => {
    const { refreshToken } = await context.login();
    context.clock.advance(WEEK + 1);
    expect(await ask(context, REVOKE, { r: refreshToken })).to.deep.equal(
      data({ revokeToken: { revoked: NOW + WEEK + 1 } }),
    );
  });

  describe("after revokeToken", () => {
    it("revokeToken", async () => {
      const { refreshToken, username } = await context.login();
      expect(await ask(context, REVOKE, { r: refreshToken })).to.deep.equal(data({ revokeToken: { revoked: NOW } }));
      expect((await context.sessionsOf(username))[0]?.revoked).to.deep.equal(context.clock.now());
    });

    it("revokeToken, same token again", async () => {
      const { refreshToken } = await context.login();
      await ask(context, REVOKE, { r: refreshToken });
      expect(await ask(context, REVOKE, { r: refreshToken })).to.deep.equal(refused("revokeToken", ...INVALID));
    });

    it("refreshToken after revokeToken", async () => {
      const { refreshToken } = await context.login();
      await ask(context, REVOKE, { r: refreshToken });
      expect(await ask(context, REFRESH, { r: refreshToken })).to.deep.equal(refused("refreshToken", ...INVALID));
    });

    it(
      differs(
        "refreshToken of r2 (issued from r1, r1 revoked)",
        "r2 is r1; django-graphql-jwt's r2 is a row of its own",
      ),
      async () => {
        const { refreshToken: r1 } = await context.login();
        const { refreshToken: r2 } = answered(await ask(context, REFRESH, { r: r1 }), "refreshToken");
        await ask(context, REVOKE, { r: r1 });
        expect(await ask(context, REFRESH, { r: r2 })).to.deep.equal(refused("refreshToken", ...INVALID));
      },
    );

    it("me with the access token after the refresh token was revoked", async () => {
      const { id, username } = await context.createUser();
      const { token, refreshToken } = await context.loginAgain(username);
      await ask(context, REVOKE, { r: refreshToken });
      expect(await askWith(context, token, ME)).to.deep.equal(data({ me: { id, username } }));
    });
  });
});
