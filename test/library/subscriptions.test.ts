import { createServer } from "node:http";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import { expect } from "chai";
import { createClient } from "graphql-ws";
import { Authorized, buildSchema, Resolver, Root, Subscription } from "type-graphql";
import { WebSocket } from "ws";
import { type Auth, createAuth, createTrpc, noPubSub, serveSockets, type SocketServer } from "../../src/index.js";
import { listen, type Listening } from "../support/listen.js";
import { CHEAP_HASHER } from "../support/running-server.js";
import { TestClock } from "../support/test-clock.js";
import { TestTimers } from "../support/test-timers.js";
import { until } from "../support/until.js";
import { Members } from "./host/members.js";
import type { HostContext } from "./host/recipe-resolver.js";
import { Recipes } from "./host/recipes.js";

const PASSWORD = "with a pinch of salt";

/** Something that happens in the host application. */
class Feed {
  readonly listeners = new Set<(dish: string) => void>();
  /** How often a subscription began. */
  began = 0;

  publish(dish: string): void {
    for (const listener of this.listeners) listener(dish);
  }

  async *dishes(): AsyncGenerator<string> {
    this.began += 1;
    let wake = (_dish: string): void => {};
    const listener = (dish: string): void => wake(dish);
    this.listeners.add(listener);
    try {
      for (;;) yield await new Promise<string>((resolve) => (wake = resolve));
    } finally {
      this.listeners.delete(listener);
    }
  }
}

const feed = new Feed();

@Resolver()
class DishResolver {
  @Authorized("perm:recipes.edit")
  @Subscription(() => String, { subscribe: () => feed.dishes() })
  dishes(@Root() dish: string): string {
    return dish;
  }
}

const { router, authorized } = createTrpc<HostContext>();
const editors = authorized("perm:recipes.edit");
const appRouter = router({
  dishes: editors.subscription(async function* ({ ctx }) {
    ctx.recipes.all(ctx.user.email);
    yield* feed.dishes();
  }),
  // oxlint-disable-next-line typescript/no-deprecated -- tRPC 11 has them still
  observed: editors.subscription(() =>
    observable<string>(({ next }) => {
      feed.began += 1;
      feed.listeners.add(next);
      return () => void feed.listeners.delete(next);
    }),
  ),
});

describe("a host application's own subscriptions", () => {
  const clock = new TestClock();
  const timers = new TestTimers(clock);
  const members = new Members(CHEAP_HASHER);
  let auth: Auth<import("./host/members.js").Member>;
  let host: Listening;
  let sockets: SocketServer;
  const serverErrors: unknown[] = [];

  before(async () => {
    await members.add({ email: "nora@example.org", kitchen: "north", permissions: ["recipes.edit"] }, PASSWORD);
    await members.add({ email: "sam@example.org", kitchen: "south" }, PASSWORD);
    auth = await createAuth({
      users: members,
      secretKey: "the secret key of the host application",
      settings: { usernameField: "email", verifyExpiration: true },
      clock,
      setTimer: timers.set,
    });
    const resolvers = [...auth.resolvers, ...auth.subscriptionResolvers, DishResolver] as const;
    const schema = await buildSchema({ resolvers, authChecker: auth.authChecker, pubSub: noPubSub });
    const server = createServer((_req, res) => res.writeHead(404).end());
    sockets = serveSockets(server, {
      auth,
      graphql: { schema },
      trpc: { router: appRouter },
      extend: (context) => ({ ...context, recipes: new Recipes() }),
      onServerError: (error) => serverErrors.push(error),
      setTimer: timers.set,
    });
    host = await listen(server);
  });
  beforeEach(() => {
    feed.began = 0;
    members.change("nora@example.org", { isActive: true });
  });
  afterEach(async () => {
    await until(() => sockets.size === 0 && auth.connections.size === 0 && timers.size === 0);
    expect(serverErrors.splice(0)).to.deep.equal([]);
  });
  after(async () => {
    await sockets.close();
    await host.close();
  });

  /** What a client gets of a subscription. */
  interface Heard {
    readonly dishes: string[];
    readonly errors: string[];
    stop(): void;
  }

  const paramsOf = async (email: string) => {
    const { token } = await auth.service.tokenAuth({ username: email, password: PASSWORD });
    return { authorization: `JWT ${token}` };
  };

  async function overGraphql(email: string): Promise<Heard> {
    const client = createClient({
      url: `${host.url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: await paramsOf(email),
      retryAttempts: 0,
    });
    const heard: Heard = { dishes: [], errors: [], stop: () => void client.dispose() };
    client.subscribe<{ dishes: string }>(
      { query: "subscription { dishes }" },
      {
        next({ data, errors = [] }) {
          if (data) heard.dishes.push(data.dishes);
          heard.errors.push(...errors.map(({ extensions }) => String(extensions?.["code"])));
        },
        error: (error) => heard.errors.push(String((error as { code?: number }).code)),
        complete: () => undefined,
      },
    );
    return heard;
  }

  const overTrpc =
    (procedure: "dishes" | "observed") =>
    async (email: string): Promise<Heard> => {
      const params = await paramsOf(email);
      const socket = createWSClient({
        url: `${host.url.replace("http", "ws")}/trpc`,
        WebSocket: WebSocket as never,
        connectionParams: () => params,
        retryDelayMs: () => 2_000,
      });
      const heard: Heard = { dishes: [], errors: [], stop: () => void socket.close() };
      createTRPCClient<typeof appRouter>({ links: [wsLink({ client: socket })] })[procedure].subscribe(undefined, {
        onData: (dish) => void heard.dishes.push(dish),
        onError: ({ data }) => void heard.errors.push(String(data?.errorCode)),
      });
      return heard;
    };

  for (const [name, subscribe, ended] of [
    ["GraphQL", overGraphql, "4401"],
    ["tRPC", overTrpc("dishes"), "INVALID_TOKEN"],
    ["tRPC, as an observable", overTrpc("observed"), "INVALID_TOKEN"],
  ] as const) {
    it(`run their rule over ${name}, and do not begin when it denies`, async () => {
      const denied = await subscribe("sam@example.org");
      await until(() => denied.errors.length > 0);
      expect(denied.errors).to.deep.equal(["FORBIDDEN"]);
      expect(feed.began).to.equal(0);
      denied.stop();
    });

    it(`tell nothing more over ${name} once the connection is over`, async () => {
      const heard = await subscribe("nora@example.org");
      await until(() => feed.listeners.size === 1);
      feed.publish("soup");
      await until(() => heard.dishes.length === 1);
      members.change("nora@example.org", { isActive: false });
      await timers.pass(5);
      feed.publish("a secret");
      await until(() => heard.errors.length > 0);
      feed.publish("another secret");
      await until(() => sockets.size === 0);
      expect(heard.dishes).to.deep.equal(["soup"]);
      expect(heard.errors).to.deep.equal([ended]);
      heard.stop();
      // A generator of the host that waits is at its end with the next event; nobody has to wait for it.
      feed.publish("unheard");
      await until(() => feed.listeners.size === 0);
    });
  }
});
