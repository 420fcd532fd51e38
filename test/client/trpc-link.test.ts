import { createTRPCClient, httpBatchLink, localLink, type TRPCLink } from "@trpc/client";
import { expect } from "chai";
import { memoryStore } from "../../src/client/index.js";
import { type AppRouter, type AuthContext, createTrpc, TokenExpiredError } from "../../src/index.js";
import { outcomeOf, trpcClient } from "../support/faces.js";
import { testContext } from "../support/test-context.js";
import { until } from "../support/until.js";
import { loggedIn, newClient } from "./lab/new-client.js";

const { router, procedure, authorized } = createTrpc();
const numbers = router({
  count: authorized().subscription(async function* count({ ctx }) {
    yield ctx.user.id;
    yield "more";
  }),
  who: procedure.query(({ ctx }) => ctx.user?.id ?? null),
  spoilt: procedure.subscription(async function* spoilt() {
    yield "begun";
    throw new TokenExpiredError();
  }),
  refuse: authorized("staff").query(() => "never"),
});

/** A connection as a WebSocket or a stream of events has one: it is authenticated by its parameters, and has no HTTP answer. */
describe("the tRPC link of the auth client", () => {
  const context = testContext();

  /** A client whose links end in a real router, reached without HTTP; the connection params make its context. */
  async function connected() {
    const store = memoryStore();
    const lab = await loggedIn(context, { store });
    const connections: (string | undefined)[] = [];
    const createContext = async (): Promise<AuthContext> => {
      const { authorization } = await lab.auth.connectionParams();
      connections.push(authorization);
      return context.server.application.auth.context({ method: "GET", url: "/", headers: { authorization } });
    };
    const links: TRPCLink<typeof numbers>[] = [lab.auth.trpcLink(), localLink({ router: numbers, createContext })];
    const spoil = () => {
      const stored = store.get();
      if (stored) store.set({ ...stored, token: "garbage" });
    };
    return { ...lab, store, connections, spoil, client: createTRPCClient<typeof numbers>({ links }) };
  }

  it("makes a call once more whose token was refused", async () => {
    const { client, spoil, traffic, connections, user } = await connected();
    expect(await client.who.query()).to.equal(user.id);
    spoil();
    expect(await client.who.query()).to.equal(user.id);
    expect(connections).to.have.length(3);
    expect(traffic.paths).to.deep.equal(["auth.refreshToken"]);
  });

  it("refreshes once for any number of calls", async () => {
    const { client, spoil, traffic, user } = await connected();
    spoil();
    const calls = Array.from({ length: 5 }, () => client.who.query());
    expect(await Promise.all(calls)).to.deep.equal(Array(5).fill(user.id));
    expect(traffic.refreshes).to.equal(1);
  });

  it("subscribes once more, and hands every value on", async () => {
    const { client, spoil, traffic, user } = await connected();
    spoil();
    const values: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      client.count.subscribe(undefined, {
        onData: (value) => void values.push(value),
        onComplete: resolve,
        onError: reject,
      });
    });
    expect(values).to.deep.equal([user.id, "more"]);
    expect(traffic.refreshes).to.equal(1);
  });

  it("subscribes once more and no more, where the token that is refused seems to be good", async () => {
    const { client, traffic, connections } = await connected();
    const values: unknown[] = [];
    const code = await new Promise((resolve) => {
      client.spoilt.subscribe(undefined, {
        onData: (value) => void values.push(value),
        onError: ({ data }) => resolve(data?.errorCode),
      });
    });
    expect(code).to.equal("TOKEN_EXPIRED");
    expect([values, connections.length, traffic.refreshes]).to.deep.equal([["begun", "begun"], 2, 1]);
  });

  it("makes no call once more as somebody else, who has logged in meanwhile", async () => {
    const { auth, client, spoil, traffic, connections } = await connected();
    const issued = await context.loginAgain((await context.createUser()).username);
    spoil();
    traffic.fate = () => {
      auth.adopt(issued);
      return "through";
    };
    expect(await outcomeOf(client.who.query())).to.include({ code: "INVALID_TOKEN" });
    expect([connections, traffic.refreshes]).to.deep.equal([["JWT garbage"], 1]);
  });

  it("does not subscribe any more for somebody who has left", async () => {
    const { client, spoil, connections, traffic, store, user } = await connected();
    spoil();
    const values: unknown[] = [];
    const leave = new AbortController();
    traffic.fate = () => {
      leave.abort();
      return "through";
    };
    const subscription = client.count.subscribe(undefined, { onData: (value) => void values.push(value) });
    leave.signal.addEventListener("abort", () => subscription.unsubscribe());
    await until(() => traffic.refreshes === 1 && store.get()?.token !== "garbage");
    // Whatever was to follow has followed when a request later is done.
    expect(await client.who.query()).to.equal(user.id);
    expect([connections.length, values]).to.deep.equal([2, []]);
  });

  it("gives the error on of a rule, and of a session that is over", async () => {
    const { client, traffic, user, reasons } = await connected();
    expect(await outcomeOf(client.refuse.query())).to.include({ code: "FORBIDDEN" });
    expect(traffic.refreshes).to.equal(0);
    await context.changeUser(user.username, { isActive: false });
    expect(await outcomeOf(client.who.query())).to.include({ code: "USER_DISABLED" });
    expect([traffic.refreshes, reasons()]).to.deep.equal([1, ["refused: USER_DISABLED"]]);
  });

  it("leaves calls over HTTP to the fetch: together they refresh once", async () => {
    const store = memoryStore();
    const { auth, traffic } = await loggedIn(context, { store });
    traffic.fate = ({ path }) =>
      path === "auth.refreshToken"
        ? "through"
        : Response.json(
            { error: { message: "no", code: -32001, data: { errorCode: "TOKEN_EXPIRED" } } },
            { status: 401 },
          );
    const url = `${context.url}/trpc`;
    const http = httpBatchLink<AppRouter>({ url, fetch: auth.fetch });
    const client = trpcClient((runtime) => {
      const [first, last] = [(auth.trpcLink() as TRPCLink<AppRouter>)(runtime), http(runtime)];
      return ({ op }) => first({ op, next: (next) => last({ op: next, next: () => expect.fail("the end") }) });
    });
    expect(await outcomeOf(client.auth.me.query())).to.include({ code: "TOKEN_EXPIRED" });
    expect(traffic.paths).to.deep.equal(["auth.me", "auth.refreshToken", "auth.me"]);
  });

  it("does nothing where nobody is logged in", async () => {
    const { auth, traffic } = newClient(context);
    const links: TRPCLink<AppRouter>[] = [auth.trpcLink(), httpBatchLink({ url: `${context.url}/trpc` })];
    expect(await createTRPCClient<AppRouter>({ links }).auth.me.query()).to.equal(null);
    expect(traffic.sent).to.deep.equal([]);
  });
});
