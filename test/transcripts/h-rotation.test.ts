import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { NOW, testContext } from "../support/test-context.js";
import { type Answer, answered, ask, askWith, data, differs, refusedWhole } from "./ask.js";
import { ME, REQUEST_BY_REFRESH } from "./queries.js";
import { assertSharedSuccessors, assertSingleWinners, race } from "./race.js";
import { H } from "./sections.js";

const WEEK = 7 * 24 * 3600;
const REFUSED = refusedWhole("requestToken", "Invalid refresh token", "INVALID_REFRESH_TOKEN");
const RACE = "race: 8 simultaneous refreshes of one refresh token, 20 rounds";
const THEIRS = "20 successors, one for each token; strawberry-django-extras hands out 50";

function successorIn({ body }: Answer): string | undefined {
  const { data: fields } = body as { data: { requestToken: { refreshToken: { token: string } } } | null };
  return fields?.requestToken.refreshToken.token;
}

onEachDatabase(H.title, (createDatabase) => {
  const context = testContext(H.settings, createDatabase);

  it("requestToken(refreshToken:), ok (1st use of r1)", async () => {
    const { refreshToken: r1, username } = await context.login();
    context.clock.advance(1);
    const answer = await ask(context, REQUEST_BY_REFRESH, { r: r1 });
    const { token } = answered(answer, "requestToken");
    const r2 = successorIn(answer);
    expect(token).to.match(/^eyJ/);
    expect(r2)
      .to.match(/^[\w-]{75}$/)
      .and.not.equal(r1);
    expect(answer).to.deep.equal(
      data({ requestToken: { token, refreshToken: { token: r2, exp: NOW + 1 + WEEK, iat: NOW + 1 } } }),
    );
    expect(await context.sessionsOf(username)).to.have.length(1);
  });

  it("requestToken(refreshToken:), r1 again (REUSE True)", async () => {
    const { refreshToken: r1 } = await context.login();
    await ask(context, REQUEST_BY_REFRESH, { r: r1 });
    expect(await ask(context, REQUEST_BY_REFRESH, { r: r1 })).to.deep.equal(REFUSED);
  });

  for (const [name, message, token] of [
    ["me, garbage token, default 401 handler", "Invalid token", () => "garbage"],
    ["me, expired token, default 401 handler", "Token expired", () => context.token({ username: "alice", exp: NOW })],
  ] as const) {
    it(name, async () => {
      expect(await askWith(context, token(), ME)).to.deep.equal({
        status: 401,
        type: "text/plain; charset=utf-8",
        body: message,
      });
    });
  }

  it(differs(RACE, THEIRS), async () => {
    const refresh = (r: string) => ask(context, REQUEST_BY_REFRESH, { r });
    assertSingleWinners(await race(context, refresh, successorIn), REFUSED);
  });
});

onEachDatabase(`${H.title}, with a grace period`, (createDatabase) => {
  const context = testContext({ ...H.settings, JWT_REFRESH_GRACE_PERIOD: "10" }, createDatabase);

  it(differs(RACE, `${THEIRS}; and every request gets its token's`), async () => {
    const refresh = (r: string) => ask(context, REQUEST_BY_REFRESH, { r });
    assertSharedSuccessors(await race(context, refresh, successorIn));
  });
});
