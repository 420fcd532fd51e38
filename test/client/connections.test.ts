import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { expect } from "chai";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { type AuthClient, memoryStore, type SetTimer } from "../../src/client/index.js";
import type { AppRouter } from "../../src/index.js";
import { Browser } from "../support/browser.js";
import { dataOf } from "../support/faces.js";
import { PASSWORD, testContext } from "../support/test-context.js";
import { until } from "../support/until.js";
import { loggedIn, newClient, sharedLock } from "./lab/new-client.js";

/** A subscription over a socket that the auth client authenticates and keeps. */
interface Watched {
  readonly events: unknown[];
  readonly closes: number[];
  /** Tokens that were handed over. */
  readonly handed: string[];
  /** What the server said to them. */
  readonly renewals: unknown[];
  /** How often a socket was opened. */
  readonly opened: () => number;
  /** Asks over the same socket who it is of. */
  readonly me: () => Promise<string | null>;
  readonly stop: () => Promise<void>;
}

const RENEW = "mutation ($token: String!) { renewConnection(token: $token) { expires } }";

/** As the README has it. */
async function overGraphQL(url: string, auth: AuthClient): Promise<Watched> {
  const [events, closes, renewals]: [unknown[], number[], unknown[]] = [[], [], []];
  const handed: string[] = [];
  let [opened, stop] = [0, () => {}];
  const socket = createClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: auth.connectionParams,
    retryWait: () => Promise.resolve(),
    on: {
      connected() {
        opened += 1;
        stop = auth.keepConnection(async (token) => {
          handed.push(token);
          const { value } = await socket.iterate({ query: RENEW, variables: { token } }).next();
          renewals.push(value?.data?.["renewConnection"]);
        });
      },
      closed(event) {
        stop();
        closes.push((event as { code: number }).code);
      },
    },
  });
  const end = socket.subscribe<{ sessionEvents: unknown }>(
    { query: "subscription { sessionEvents { type reason } }" },
    { next: ({ data }) => void events.push(data?.sessionEvents), error() {}, complete() {} },
  );
  const me = async () => {
    const { value } = await socket
      .iterate<{ me: { username: string } | null }>({ query: "{ me { username } }" })
      .next();
    return value?.data?.me?.username ?? null;
  };
  await me();
  return {
    events,
    closes,
    handed,
    renewals,
    opened: () => opened,
    me,
    stop: async () => (end(), await socket.dispose()),
  };
}

async function overTrpc(url: string, auth: AuthClient): Promise<Watched> {
  const [events, closes, renewals]: [unknown[], number[], unknown[]] = [[], [], []];
  const handed: string[] = [];
  let [opened, stop] = [0, () => {}];
  const socket = createWSClient({
    url: `${url.replace("http", "ws")}/trpc`,
    WebSocket: WebSocket as never,
    connectionParams: auth.connectionParams,
    retryDelayMs: () => 0,
    onOpen() {
      opened += 1;
      stop = auth.keepConnection(async (token) => {
        handed.push(token);
        renewals.push(await janus.auth.renewConnection.mutate({ token }));
      });
    },
    onClose(cause) {
      stop();
      closes.push(cause?.code ?? 0);
    },
  });
  const janus = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] });
  let started = false;
  const running = janus.auth.sessionEvents.subscribe(undefined, {
    onStarted: () => void (started = true),
    onData: ({ type, reason }) => void events.push({ type, reason }),
    onError() {},
  });
  await until(() => started);
  const me = async () => (await janus.auth.me.query())?.username ?? null;
  return {
    events,
    closes,
    handed,
    renewals,
    opened: () => opened,
    me,
    stop: async () => (running.unsubscribe(), await socket.close()),
  };
}

for (const [client, watch] of [
  ["graphql-ws", overGraphQL],
  ["tRPC's wsLink", overTrpc],
] as const) {
  describe(`the auth client and a socket of ${client}`, () => {
    const context = testContext();
    let open: Watched | undefined;

    /** Logged in, with the timers and the clock of the test. */
    const logIn = async (options = {}) => {
      const lab = await loggedIn(context, { clock: context.clock, setTimer: context.timers.set, ...options });
      open = await watch(context.url, lab.auth);
      return { ...lab, watched: open };
    };

    afterEach(async () => {
      await open?.stop();
      await until(() => context.server.application.auth.connections.size === 0);
      await until(() => context.timers.size === 0);
    });

    it("goes on from token to token: one refresh each, and the same socket", async () => {
      const { watched, traffic, user } = await logIn();
      for (let renewed = 1; renewed <= 3; renewed += 1) {
        await context.timers.pass(270); // Tokens live for 300 seconds.
        await until(() => watched.renewals.length === renewed);
        const expires = Math.floor(context.clock.now().getTime() / 1000) + 300;
        expect(watched.renewals.at(-1)).to.deep.equal({ expires });
        expect(await watched.me()).to.equal(user.username);
      }
      expect([traffic.refreshes, watched.opened(), watched.closes, watched.events]).to.deep.equal([3, 1, [], []]);
    });

    it("is given the token that another request or another tab has refreshed for", async () => {
      const [store, lock] = [memoryStore(), sharedLock()];
      const { watched, auth } = await logIn({ store, lock });
      await context.timers.pass(100);
      await auth.refresh();
      await until(() => watched.renewals.length === 1);
      await context.timers.pass(250); // The first token has expired.
      await until(() => watched.renewals.length === 1);
      expect([watched.opened(), watched.closes]).to.deep.equal([1, []]);
    });

    it("goes on where its timers wake a moment too early, as those of Node do", async () => {
      const setTimer: SetTimer = (wake, milliseconds) => context.timers.set(wake, milliseconds - 1);
      const { watched, traffic } = await logIn({ setTimer });
      for (let renewed = 1; renewed <= 2; renewed += 1) {
        await context.timers.pass(270);
        await until(() => watched.renewals.length === renewed);
      }
      expect([traffic.refreshes, watched.opened(), watched.closes]).to.deep.equal([2, 1, []]);
    });

    it("goes on where the clock of the device is set back", async () => {
      let offset = 0;
      const { watched, traffic } = await logIn({
        clock: { now: () => new Date(context.clock.now().getTime() + offset) },
      });
      offset = -3_600_000;
      await context.timers.pass(270);
      await until(() => watched.renewals.length === 1);
      expect([traffic.refreshes, watched.opened(), watched.closes]).to.deep.equal([1, 1, []]);
    });

    it("is not given the token of another session", async () => {
      const { watched, auth, user } = await logIn();
      await auth.login(user.username, PASSWORD);
      expect(await watched.me()).to.equal(user.username);
      expect(watched.handed).to.deep.equal([]);
      expect(watched.closes).to.deep.equal([]);
    });

    it("ends at the logout, and nothing is left that waits", async () => {
      const { watched, auth } = await logIn();
      await auth.logout();
      await until(() => watched.closes.length > 0);
      expect(watched.events).to.deep.equal([{ type: "LOGGED_OUT", reason: "REVOKED" }]);
      expect([watched.closes[0], watched.renewals]).to.deep.equal([4401, []]);
    });

    it("connects again with a fresh token where the refresh did not come through in time", async () => {
      const { watched, traffic, user } = await logIn();
      traffic.fate = () => "lost";
      await context.timers.pass(280);
      await until(() => traffic.refreshes === 2); // Asked for once more at once, as any refresh.
      traffic.fate = () => "through";
      await context.timers.pass(20);
      await until(() => watched.closes.length > 0);
      expect(await watched.me()).to.equal(user.username);
      expect([watched.closes, watched.opened(), traffic.refreshes]).to.deep.equal([[4403], 2, 3]);
    });
  });
}

describe("a socket by cookies", () => {
  const context = testContext({ JWT_COOKIES: "true", JWT_HIDE_TOKEN_FIELDS: "true" });

  it("is opened with fresh ones where its url refreshes them first, as both clients ask for it", async () => {
    const browser = new Browser();
    class BrowserSocket extends WebSocket {
      constructor(url: string, protocols?: string[]) {
        const cookie = [...browser.cookies].map((pair) => pair.join("=")).join("; ");
        super(url, protocols, { headers: { cookie, origin: context.url } });
      }
    }
    const { auth } = newClient(context, {
      cookies: true,
      csrfToken: () => browser.cookie("csrftoken"),
      clock: context.clock,
      fetch: (input, init) => browser.fetch(input as string, init),
    });
    const { username } = await context.createUser();
    await auth.login(username, PASSWORD);
    const urlOf = (face: string) => async () => {
      await auth.connectionParams();
      return `${context.url.replace("http", "ws")}/${face}`;
    };
    const first = browser.cookie("JWT");
    context.clock.advance(400); // A browser has deleted the cookie by now.
    browser.cookies.delete("__Host-JWT");

    const graphql = createClient({ url: urlOf("graphql"), webSocketImpl: BrowserSocket });
    const { value } = await graphql.iterate({ query: "{ me { username } }" }).next();
    expect(value?.data).to.deep.equal({ me: { username } });
    expect(browser.cookie("JWT")).to.not.equal(first);
    await graphql.dispose();

    context.clock.advance(400);
    browser.cookies.delete("__Host-JWT");
    const socket = createWSClient({ url: urlOf("trpc"), WebSocket: BrowserSocket as never });
    const janus = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] });
    expect((await janus.auth.me.query())?.username).to.equal(username);
    await socket.close();
  });
});

describe("keepConnection", () => {
  const context = testContext();

  it("waits for nothing where nobody is logged in", () => {
    const { auth } = newClient(context, { setTimer: context.timers.set });
    auth.keepConnection(() => expect.fail("nothing to hand over"))();
    expect(context.timers.size).to.equal(0);
  });

  it("is no worse for a renewal that fails, and stops when it is told to", async () => {
    const { auth, traffic } = await loggedIn(context, { clock: context.clock, setTimer: context.timers.set });
    const tokens: string[] = [];
    const stop = auth.keepConnection((token) => {
      tokens.push(token);
      throw new Error("the socket is gone");
    });
    await context.timers.pass(270);
    await until(() => tokens.length === 1);
    await context.timers.pass(270);
    await until(() => tokens.length === 2);
    stop();
    expect(context.timers.size).to.equal(0);
    dataOf({ data: await auth.refresh() });
    expect([tokens.length, new Set(tokens).size, traffic.refreshes]).to.deep.equal([2, 2, 3]);
  });
});
