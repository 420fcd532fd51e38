import { expect } from "chai";
import { dataOf, withToken } from "../support/faces.js";
import { type Credentials, LIVE_CLIENTS, type LiveClient } from "../support/live-clients.js";
import { NOW, testContext } from "../support/test-context.js";
import { openSubscriptions } from "../support/open-subscriptions.js";
import { until } from "../support/until.js";

/** What a page of the server's own sends with its cookies: scripts cannot add the second header to the first request of a socket. */
const OWN_PAGE = { "x-csrftoken": "x" };

type Way = (token: string) => Credentials;

const WAYS: Readonly<Record<string, Way>> = {
  "connection params": (token) => ({ params: withToken(token) }),
  "a header": (token) => ({ headers: withToken(token) }),
  "a cookie": (token) => ({ headers: { cookie: `JWT=${token}; csrftoken=x`, ...OWN_PAGE } }),
};

/** An event stream has no params: they would be in its URL. */
const canBe = ({ transport }: LiveClient, way: string) => transport === "WebSocket" || way !== "connection params";

describe("a subscription is of whom", () => {
  const context = testContext({ JWT_COOKIES: "true", JWT_COOKIE_SECURE: "false" });
  const { subscribe, size } = openSubscriptions(context);

  for (const client of LIVE_CLIENTS) {
    for (const [way, credentials] of Object.entries(WAYS).filter(([name]) => canBe(client, name))) {
      it(`${way} says so over ${client.name}`, async () => {
        const [one, other] = [await context.login(), await context.login()];
        const ofOne = await subscribe(client, credentials(one.token));
        const ofOther = await subscribe(client, credentials(other.token));
        expect([ofOne.isStarted, ofOther.isStarted]).to.deep.equal([true, true]);
        dataOf(await context.trpc.revokeToken({ refreshToken: one.refreshToken }));
        await ofOne.untilOver();
        expect(ofOne.events).to.deep.equal([{ type: "LOGGED_OUT", reason: "REVOKED", at: NOW }]);
        expect([ofOther.isOver, ofOther.events]).to.deep.equal([false, []]);
      });

      it(`${way} with a bad token says that it is of nobody over ${client.name}, and no event is told`, async () => {
        const refused = await subscribe(client, credentials("garbage"));
        await until(() => refused.isOver || refused.closes.length > 0);
        expect(refused.events).to.deep.equal([]);
        // A browser sends a cookie whether or not it is any good: without a header it is a request of nobody.
        if (way === "a cookie") expect(refused.errors).to.deep.equal(["UNAUTHENTICATED"]);
        else expect(size()).to.equal(0);
      });
    }

    it(`a cookie that a page of another site sends is refused over ${client.name}`, async () => {
      const { token } = await context.login();
      const headers = { cookie: `JWT=${token}`, origin: "https://evil.example", "sec-fetch-site": "cross-site" };
      const refused = await subscribe(client, { headers });
      await until(() => refused.isOver || refused.closes.length > 0);
      expect([refused.events, refused.isStarted, size()]).to.deep.equal([[], false, 0]);
      if (client.transport === "WebSocket") expect(refused.closes[0]).to.deep.equal({ code: 1006, reason: "" });
      else expect(refused.errors).to.deep.equal(["403"]);
      const statuses = context.log.filter(({ status }) => status !== undefined).map(({ status }) => status);
      expect(statuses).to.deep.equal([403]);
    });
  }

  it("nothing in the URL says so: logs and histories keep those", async () => {
    const { token } = await context.login();
    const params = encodeURIComponent(JSON.stringify(withToken(token)));
    const response = await fetch(`${context.url}/trpc/auth.sessionEvents?connectionParams=${params}`);
    expect(await response.text()).to.include('"errorCode":"UNAUTHENTICATED"');
  });
});
