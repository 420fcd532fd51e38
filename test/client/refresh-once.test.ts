import { expect } from "chai";
import { memoryStore } from "../../src/client/index.js";
import { rejection } from "../support/rejection.js";
import { PASSWORD, testContext } from "../support/test-context.js";
import { forget, loggedIn, newClient, sharedLock } from "./lab/new-client.js";
import { isRefresh } from "./lab/traffic.js";

describe("a refresh", () => {
  const context = testContext();
  const me = () => `${context.url}/trpc/auth.me`;

  it("happens once for any number of requests, before the token expires", async () => {
    const { auth, traffic, reasons } = await loggedIn(context);
    context.clock.advance(290);
    const responses = await Promise.all(Array.from({ length: 20 }, () => auth.fetch(me())));
    expect(responses.map(({ status }) => status)).to.deep.equal(Array(20).fill(200));
    expect([traffic.refreshes, traffic.sent.length, reasons()]).to.deep.equal([1, 21, ["refreshed"]]);
  });

  it("happens once for any number of requests whose token was refused, whenever that comes back", async () => {
    const store = memoryStore();
    const { auth, traffic, reasons } = await loggedIn(context, { store });
    const stored = store.get();
    if (stored) store.set({ ...stored, token: "garbage" });
    const gates: (() => void)[] = [];
    traffic.fate = async ({ authorization }) => {
      if (authorization === "JWT garbage") await new Promise<void>((open) => gates.push(open));
      return "through" as const;
    };
    const requests = Array.from({ length: 5 }, () => auth.fetch(me()));
    while (gates.length < 5) await new Promise(setImmediate);
    for (const [index, open] of gates.entries()) {
      open();
      expect((await requests[index])?.status).to.equal(200);
    }
    expect([traffic.refreshes, traffic.sent.length, reasons()]).to.deep.equal([1, 11, ["refreshed"]]);
  });

  it("happens once for two tabs whose storage is behind the lock, and holds up only the other one", async () => {
    const store = memoryStore();
    let show = () => {};
    const lock = sharedLock();
    const one = await loggedIn(context, {
      lock,
      store: { ...store, settle: () => new Promise<void>((resolve) => (show = resolve)) },
    });
    const old = store.get();
    let isShown = false;
    const behind = { ...store, get: () => (isShown ? store.get() : old) };
    const other = newClient(context, { lock, store: behind });
    context.clock.advance(290);

    const requests = [one, other].map(({ auth }) => auth.fetch(me()));
    expect((await requests[0])?.status).to.equal(200);
    expect(one.traffic.refreshes).to.equal(1);
    isShown = true;
    show();
    expect((await requests[1])?.status).to.equal(200);
    expect(other.traffic.refreshes).to.equal(0);
    expect(context.eventNames).to.deep.equal(["refreshTokenRotated", "tokenRefreshed"]);
  });

  // test/browser/tabs.test.ts has two tabs that share Web Locks.
  it("happens once for two tabs with a lock that they share", async () => {
    const lock = sharedLock();
    const store = memoryStore();
    const one = await loggedIn(context, { store, lock });
    const other = newClient(context, { store, lock });
    expect(other.auth.session).to.equal(one.auth.session);
    context.clock.advance(290);
    const labs = [one, other, one, other];
    const responses = await Promise.all(labs.map(({ auth }) => auth.fetch(me())));
    expect(responses.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200]);
    expect(one.traffic.refreshes + other.traffic.refreshes).to.equal(1);
    expect([...one.reasons(), ...other.reasons()]).to.deep.equal(["refreshed"]);
    expect(context.eventNames).to.deep.equal(["refreshTokenRotated", "tokenRefreshed"]);
  });

  it("of two tabs without a common lock is harmless: the server answers both the same", async () => {
    const store = memoryStore();
    const one = await loggedIn(context, { store, lock: sharedLock() });
    const other = newClient(context, { store, lock: sharedLock() });
    context.clock.advance(290);
    const responses = await Promise.all([one.auth.fetch(me()), other.auth.fetch(me())]);
    expect(responses.map(({ status }) => status)).to.deep.equal([200, 200]);
    expect(one.traffic.refreshes + other.traffic.refreshes).to.equal(2);
    expect(context.eventNames.filter((name) => name === "refreshTokenRotated")).to.have.length(1);
    context.clock.advance(60);
    expect(await one.auth.refresh()).to.not.equal(null);
    expect(await other.auth.refresh()).to.not.equal(null);
  });

  it("whose answer was lost is repeated with the same token", async () => {
    const { auth, traffic, reasons } = await loggedIn(context);
    let lost = 0;
    traffic.fate = (request) => (isRefresh(request) && lost++ === 0 ? "answerLost" : "through");
    expect(await auth.refresh()).to.not.equal(null);
    const [first, second, ...others] = traffic.sent;
    expect([others, second?.body]).to.deep.equal([[], first?.body]);
    expect(reasons()).to.deep.equal(["refreshed"]);
    context.clock.advance(60);
    expect(await auth.refresh()).to.not.equal(null);
  });

  for (const [what, fate, code] of [
    ["the network is down", "lost", "NO_ANSWER"],
    ["a proxy answers", new Response("<h1>Bad Gateway", { status: 502 }), "UNEXPECTED_ANSWER"],
    [
      "the database is away",
      Response.json({ error: { message: "", data: { errorCode: "SERVICE_UNAVAILABLE" } } }, { status: 503 }),
      "SERVICE_UNAVAILABLE",
    ],
    ["there were too many requests", new Response("slow down", { status: 429 }), "UNEXPECTED_ANSWER"],
    ["a gate in front wants a login of its own", new Response("{}", { status: 401 }), "UNEXPECTED_ANSWER"],
  ] as const) {
    it(`keeps the session where ${what}, and says so once`, async () => {
      const { auth, traffic, reasons } = await loggedIn(context);
      const { session } = auth;
      traffic.fate = (request) => {
        if (!isRefresh(request)) return "through";
        return fate instanceof Response ? fate.clone() : fate;
      };
      const outcomes = await Promise.allSettled([auth.refresh(), auth.refresh(), auth.refresh()]);
      expect(outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason.code)).to.deep.equal([
        code,
        code,
        code,
      ]);
      expect(reasons()).to.deep.equal([`refreshFailed: ${code}`]);
      expect(traffic.refreshes).to.equal(code === "SERVICE_UNAVAILABLE" ? 1 : 2);
      expect(auth.session).to.equal(session);
      traffic.fate = () => "through";
      expect(await auth.refresh()).to.not.equal(null);
    });
  }

  it("does not bring a session back that was logged out meanwhile; its tokens are worth nothing", async () => {
    const { auth, traffic, reasons } = await loggedIn(context);
    let leaving: ReturnType<typeof auth.logout> | undefined;
    traffic.fate = (request) => {
      if (isRefresh(request)) leaving = auth.logout();
      return "through";
    };
    expect(await auth.refresh()).to.equal(null);
    expect(await leaving).to.deep.equal({ revoked: true });
    expect(auth.session).to.equal(null);
    expect(reasons()).to.deep.equal(["loggedOut"]);
    expect(context.eventNames.at(-1)).to.equal("refreshTokenRevoked");
  });

  it("is over before a logout asks the server: with cookies its answer would bring them back", async () => {
    const { auth, traffic } = await loggedIn(context);
    let leaving: ReturnType<typeof auth.logout> | undefined;
    let sentMeanwhile: string[] = [];
    traffic.fate = async (request) => {
      if (!isRefresh(request)) return "through" as const;
      leaving = auth.logout();
      for (let i = 0; i < 50; i++) await new Promise(setImmediate);
      sentMeanwhile = traffic.paths;
      return "through" as const;
    };
    await auth.refresh();
    await leaving;
    expect(sentMeanwhile).to.deep.equal(["auth.refreshToken"]);
    expect(traffic.paths).to.deep.equal(["auth.refreshToken", "auth.revokeToken"]);
  });

  it("does not touch a session that was adopted meanwhile, whatever it comes to", async () => {
    for (const fate of ["through", "lost"] as const) {
      const { auth, user, traffic, reasons } = await loggedIn(context);
      const output = await context.loginAgain(user.username);
      traffic.fate = (request) => {
        if (isRefresh(request) && traffic.refreshes === 1) auth.adopt(output);
        return fate;
      };
      expect((await auth.refresh())?.payload).to.deep.equal(output.payload);
      expect(reasons()).to.deep.equal(["loggedIn"]);
    }
  });

  it("waits for a login, and leaves its session alone", async () => {
    const lab = await loggedIn(context);
    const login = lab.auth.login(lab.user.username, PASSWORD);
    const [session, refreshed] = await Promise.all([login, lab.auth.refresh()]);
    expect(refreshed).to.equal(session);
    expect([lab.traffic.refreshes, lab.reasons()]).to.deep.equal([0, ["loggedIn"]]);
    forget(lab);
  });

  it("asks nothing where nobody is logged in", async () => {
    const { auth, traffic, reasons } = newClient(context);
    expect(await auth.refresh()).to.equal(null);
    expect([traffic.sent, reasons()]).to.deep.equal([[], []]);
  });

  it("gives up on a server that does not answer, and tries once more", async () => {
    const { username } = await context.createUser();
    const signals: AbortSignal[] = [];
    const lab = newClient(context, {
      timeout: 20,
      fetch(_input, init) {
        if (init?.signal) signals.push(init.signal);
        return never(init?.signal);
      },
    });
    lab.auth.adopt(await context.loginAgain(username));
    expect(await rejection(lab.auth.refresh())).to.have.property("code", "NO_ANSWER");
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true, true]);
    expect((await lab.auth.logout()).error?.code).to.equal("NO_ANSWER");
    expect(lab.reasons()).to.deep.equal(["loggedIn", "refreshFailed: NO_ANSWER", "loggedOut"]);
  });
});

/** What a silent server answers, until the request is given up. */
function never(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error)));
}
