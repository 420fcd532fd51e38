import { expect } from "chai";
import { withToken } from "../support/faces.js";
import { graphqlSse, LIVE_CLIENTS, type LiveClient, trpcWs } from "../support/live-clients.js";
import { testContext } from "../support/test-context.js";
import { openSubscriptions } from "../support/open-subscriptions.js";
import { until } from "../support/until.js";

const TOO_MANY = { code: 4429, reason: "Too many connections" };

describe("the setting connectionsPerUser", () => {
  const context = testContext({ JWT_CONNECTIONS_PER_USER: "2" });
  const { subscribe: open, size } = openSubscriptions(context);
  const subscribe = (client: LiveClient, token: string) => open(client, { headers: withToken(token) });

  async function expectRefused(token: string): Promise<void> {
    const before = size();
    const { errors, events, isStarted } = await subscribe(graphqlSse, token);
    expect({ errors, events, isStarted }).to.deep.equal({ errors: ["429"], events: [], isStarted: false });
    expect(size()).to.equal(before);
  }

  for (const client of LIVE_CLIENTS) {
    it(`refuses one more over ${client.name}, whatever the others are and of whichever session`, async () => {
      const { token, username } = await context.login();
      const other = await context.loginAgain(username);
      const first = await subscribe(graphqlSse, token);
      const second = await subscribe(trpcWs, other.token);
      const refused = await subscribe(client, token);
      await until(() => (client.transport === "WebSocket" ? refused.closes.length > 0 : refused.isOver));
      if (client.transport === "WebSocket") expect(refused.closes[0]).to.deep.equal(TOO_MANY);
      else expect(refused.errors).to.deep.equal([client.api === "tRPC" ? "TOO_MANY_CONNECTIONS" : "429"]);
      expect([refused.attempts, refused.events]).to.deep.equal([1, []]);
      refused.stop();
      expect([first.isOver, second.isOver, size()]).to.deep.equal([false, false, 2]);
    });

    it(`lets others in over ${client.name}, and this one again when there is a place`, async () => {
      const [one, other] = [await context.login(), await context.login()];
      const [first] = [await subscribe(graphqlSse, one.token), await subscribe(graphqlSse, one.token)];
      expect((await subscribe(client, other.token)).isStarted).to.equal(true);
      first?.stop();
      await until(() => size() === 2);
      const again = await subscribe(client, one.token);
      expect([again.isStarted, again.isOver]).to.deep.equal([true, false]);
      await expectRefused(one.token);
    });
  }

  it("holds again where all of a user had left: as many as it allows, and no more", async () => {
    const { token } = await context.login();
    for (let round = 0; round < 2; round++) {
      const opened = [await subscribe(graphqlSse, token), await subscribe(graphqlSse, token)];
      expect(opened.map(({ isOver }) => isOver)).to.deep.equal([false, false]);
      await expectRefused(token);
      for (const subscription of opened) subscription.stop();
      await until(() => size() === 0);
    }
  });

  it("does not count clients without a user, who are counted with all others", async () => {
    const { connections } = context.server.application.auth;
    const nobody = { user: null, payload: null, request: undefined };
    const opened = [1, 2, 3].map(() => connections.open(nobody));
    expect(size()).to.equal(3);
    for (const connection of opened) connection.close();
  });
});
