import { expect } from "chai";
import type { Credentials, LiveClient, Subscription } from "./live-clients.js";
import type { TestContext } from "./test-context.js";
import { until } from "./until.js";

/** The subscriptions that one test opens. */
export interface OpenSubscriptions {
  readonly subscribe: (client: LiveClient, credentials: Credentials) => Promise<Subscription>;
  /** How many connections the server has open. */
  readonly size: () => number;
}

/** Registers a hook that ends them after each test, and sees to it that the server lets go of everything. */
export function openSubscriptions(context: TestContext): OpenSubscriptions {
  let subscriptions: Subscription[] = [];
  const size = () => context.server.application.auth.connections.size;

  afterEach(async () => {
    for (const subscription of subscriptions) subscription.stop();
    subscriptions = [];
    await until(() => size() === 0);
    expect(context.timers.size).to.equal(0);
  });

  return {
    size,
    async subscribe(client, credentials) {
      const subscription = await client.subscribe(context.url, credentials);
      subscriptions.push(subscription);
      return subscription;
    },
  };
}
