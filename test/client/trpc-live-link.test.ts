import { createTRPCClient, createWSClient, httpSubscriptionLink, type TRPCWebSocketClient, wsLink } from "@trpc/client";
import { expect } from "chai";
import { EventSource } from "eventsource";
import { WebSocket } from "ws";
import type { AuthClient } from "../../src/client/index.js";
import { outcomeOf } from "../support/faces.js";
import { PASSWORD, testContext } from "../support/test-context.js";
import { until } from "../support/until.js";
import { type HostRouter, liveHost } from "./lab/live-host.js";
import { loggedIn, newClient } from "./lab/new-client.js";

describe("the tRPC link of the auth client, before tRPC's own links", () => {
  const context = testContext();
  let host: Awaited<ReturnType<typeof liveHost>>;
  const sockets: TRPCWebSocketClient[] = [];

  beforeEach(async () => {
    host = await liveHost(context);
  });
  afterEach(async () => {
    await Promise.all(sockets.splice(0).map((socket) => socket.close()));
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
  /** As the README has it, but for `keepConnection`. */
  function overSocket(auth: AuthClient, lazy: boolean) {
    const closes: number[] = [];
    const socket = createWSClient({
      url: host.url.replace("http", "ws"),
      WebSocket: WebSocket as never,
      connectionParams: auth.connectionParams,
      retryDelayMs: () => 0,
      lazy: { enabled: lazy, closeMs: 60_000 },
      onClose: (cause) => void closes.push(cause?.code ?? 0),
    });
    sockets.push(socket);
    const plain = createTRPCClient<HostRouter>({ links: [wsLink({ client: socket })] });
    const client = createTRPCClient<HostRouter>({ links: [auth.trpcLink(), wsLink({ client: socket })] });
    return { closes, plain, client };
  }

  for (const lazy of [false, true]) {
    describe(`over a ${lazy ? "lazy " : ""}WebSocket`, () => {
      it("subscribes on the next socket, where the token was refreshed for another request meanwhile", async () => {
        const { auth, traffic, user } = await loggedIn(context, { clock: context.clock });
        const { closes, client } = overSocket(auth, lazy);
        const { values, codes, stop } = watch(client);
        for (let begun = 1; begun <= 4; begun += 1) {
          await until(() => values.length === begun);
          await context.timers.pass(100);
          await auth.refresh();
          await context.timers.pass(200); // The token that the socket was opened with has expired.
          await until(() => closes.length === begun);
        }
        await until(() => values.length === 5);
        expect([values, codes, traffic.refreshes]).to.deep.equal([Array(5).fill(user.id), [], 4]);
        expect(closes).to.deep.equal([4403, 4403, 4403, 4403]);
        stop();
      });

      /** A client whose clock was an hour ahead at the login: it takes its token for good, which has expired. */
      async function withOldToken() {
        let ahead = 3_600_000;
        const clock = { now: () => new Date(context.clock.now().getTime() + ahead) };
        const lab = newClient(context, { clock });
        const user = await context.createUser();
        await lab.auth.login(user.username, PASSWORD);
        ahead = 0;
        context.clock.advance(301);
        return { ...lab, user, ...overSocket(lab.auth, lazy) };
      }

      it("makes a call again whose socket was opened with a token that had expired", async () => {
        for (const what of ["who", "edit", "watch"] as const) {
          const { client, traffic, closes, user } = await withOldToken();
          if (what === "who") expect(await client.who.query()).to.equal(user.id);
          if (what === "edit") expect(await client.edit.mutate()).to.equal(1);
          if (what === "watch") {
            const { values, codes, stop } = watch(client);
            await until(() => values.length === 1 || codes.length > 0);
            expect([values, codes]).to.deep.equal([[user.id], []]);
            stop();
          }
          expect([traffic.refreshes, closes], what).to.deep.equal([1, [4403]]);
        }
        expect(host.done.edits).to.equal(1);
      });

      it("is told by the socket itself what is wrong with its token", async () => {
        const { plain } = await withOldToken();
        const outcome = await outcomeOf(plain.edit.mutate());
        expect(outcome).to.include({ code: "TOKEN_EXPIRED", message: "Token expired" });
        expect(host.done.edits).to.equal(0);
      });
    });
  }
});
