import { expect } from "chai";
import { onEachDatabase } from "../support/databases.js";
import { NOW, testContext } from "../support/test-context.js";
import { type Answer, answered, ask, data, differs, refused } from "./ask.js";
import { LAZY_REFRESH, REFRESH } from "./queries.js";
import { assertSharedSuccessors, assertSingleWinners, race } from "./race.js";
import { B } from "./sections.js";

const WEEK = 7 * 24 * 3600;
const REFUSED = refused("refreshToken", "Invalid refresh token", "INVALID_REFRESH_TOKEN");
const RACE = "race: 8 simultaneous refreshes of one refresh token, 20 rounds";
const THEIRS = "20 successors, one for each token; django-graphql-jwt hands out 37 to 56";

function successorIn(answer: Answer): string | undefined {
  return answered(answer, "refreshToken")["refreshToken"];
}

onEachDatabase(B.title, (createDatabase) => {
  const context = testContext(B.settings, createDatabase);

  async function successorOf(refreshToken: string): Promise<string> {
    return successorIn(await ask(context, REFRESH, { r: refreshToken })) ?? "";
  }

  it("refreshToken, ok (1st use of r1)", async () => {
    const { refreshToken: r1, username } = await context.login();
    context.clock.advance(1);
    const answer = await ask(context, REFRESH, { r: r1 });
    const { token, refreshToken: r2 } = answered(answer, "refreshToken");
    const payload = { username, exp: NOW + 3601, origIat: NOW + 1 };
    expect(answer).to.deep.equal(
      data({ refreshToken: { token, payload, refreshExpiresIn: NOW + 1 + WEEK, refreshToken: r2 } }),
    );
    expect(r2)
      .to.match(/^[\w-]{75}$/)
      .and.not.equal(r1);
    expect(await context.sessionsOf(username)).to.have.length(1);
  });

  it("refreshToken, old r1 again (REUSE True)", async () => {
    const { refreshToken: r1 } = await context.login();
    await successorOf(r1);
    expect(await ask(context, REFRESH, { r: r1 })).to.deep.equal(REFUSED);
  });

  it("refreshToken, r2 (r1 was not used again)", async () => {
    const { refreshToken: r1 } = await context.login();
    const r2 = await successorOf(r1);
    expect(await successorOf(r2)).to.not.be.oneOf(["", r1, r2]);
  });

  it(
    differs("refreshToken, r2", "refused once r1 was replayed: its session is over; django-graphql-jwt goes on"),
    async () => {
      const { refreshToken: r1, username } = await context.login();
      const r2 = await successorOf(r1);
      await ask(context, REFRESH, { r: r1 });
      expect(await ask(context, REFRESH, { r: r2 })).to.deep.equal(REFUSED);
      expect((await context.sessionsOf(username))[0]?.revoked).to.deep.equal(context.clock.now());
      expect(context.eventNames).to.include("refreshTokenReplayed");
    },
  );

  it("refreshToken, refreshToken field not selected … then the same token r again", async () => {
    const { refreshToken: r } = await context.login();
    const lazy = await ask(context, LAZY_REFRESH, { r });
    const { token } = answered(lazy, "refreshToken");
    expect(token).to.match(/^eyJ/);
    expect(lazy).to.deep.equal(data({ refreshToken: { token } }));
    expect(await successorOf(r)).to.not.be.oneOf(["", r]);
  });

  it(differs(RACE, THEIRS), async () => {
    const refresh = (r: string) => ask(context, REFRESH, { r });
    assertSingleWinners(await race(context, refresh, successorIn), REFUSED);
  });
});

onEachDatabase(`${B.title}, with a grace period`, (createDatabase) => {
  const context = testContext({ ...B.settings, JWT_REFRESH_GRACE_PERIOD: "10" }, createDatabase);

  it(differs(RACE, `${THEIRS}; and every request gets its token's`), async () => {
    const refresh = (r: string) => ask(context, REFRESH, { r });
    assertSharedSuccessors(await race(context, refresh, successorIn));
  });
});
