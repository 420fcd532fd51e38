import { createTRPCClient, httpSubscriptionLink } from "@trpc/client";
import { expect } from "chai";
import { EventSource } from "eventsource";
import { testContext } from "../support/test-context.js";
import { until } from "../support/until.js";
import { type HostRouter, liveHost } from "./lab/live-host.js";
import { loggedIn } from "./lab/new-client.js";

describe("the tRPC link of the auth client, before tRPC's own links", () => {
  const context = testContext();
  let host: Awaited<ReturnType<typeof liveHost>>;

  beforeEach(async () => {
    host = await liveHost(context);
  });
  afterEach(async () => {
    await host.close();
    expect(host.errors).to.deep.equal([]);
  });

  /** What came of a subscription. */
  function watch(client: ReturnType<typeof createTRPCClient<HostRouter>>) {
    const values: unknown[] = [];
    const codes: unknown[] = [];
    const running = client.watch.subscribe(undefined, {
      onData: (value) => void values.push(value),
      onError: ({ data, message }) => void codes.push(data?.errorCode ?? message),
    });
    return { values, codes, stop: () => running.unsubscribe() };
  }

  it("subscribes over server-sent events whenever the token has expired, and not after the logout", async () => {
    const { auth, traffic, user } = await loggedIn(context, { origins: [host.url] });
    const options = { url: host.url, EventSource, eventSourceOptions: { fetch: auth.fetch } };
    const links = [auth.trpcLink(), httpSubscriptionLink<HostRouter, typeof EventSource>(options)];
    const { values, codes } = watch(createTRPCClient<HostRouter>({ links }));
    for (let begun = 1; begun <= 4; begun += 1) {
      await until(() => values.length === begun);
      await context.timers.pass(300); // Tokens live that long.
    }
    await until(() => values.length === 5);
    expect([values, traffic.refreshes, codes]).to.deep.equal([Array(5).fill(user.id), 4, []]);
    await auth.logout();
    await until(() => codes.length > 0);
    expect([values.length, traffic.refreshes, codes]).to.deep.equal([5, 4, ["INVALID_TOKEN"]]);
  });
});
