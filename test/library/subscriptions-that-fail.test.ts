import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { expect } from "chai";
import { type Client, createClient } from "graphql-ws";
import { Authorized, buildSchema, Resolver, Root, Subscription } from "type-graphql";
import { type CloseEvent, WebSocket } from "ws";
import {
  type Auth,
  type AuthUser,
  createAuth,
  createEventStreamHandler,
  type EventStreamHandler,
  noPubSub,
  serveSockets,
  type SocketServer,
} from "../../src/index.js";
import { withToken } from "../support/faces.js";
import { SECRET_KEY } from "../support/forge.js";
import { type GraphQLBody, post } from "../support/http.js";
import { listen, type Listening } from "../support/listen.js";
import { until } from "../support/until.js";

const ALICE: AuthUser = { id: "1", username: "alice", isActive: true };

const users = { findByNaturalKey: async () => ALICE, checkPassword: async () => true };

const CREDENTIALS = { username: "alice", password: "secret" };

const DENIED = "You do not have permission to perform this action";

@Resolver()
class DishResolver {
  /** The second dish is ready when somebody says so. */
  static serve = (): void => {};

  @Subscription(() => String, {
    async *subscribe() {
      yield "soup";
      await new Promise<void>((resolve) => (DishResolver.serve = resolve));
      yield "bread";
    },
  })
  dishes(@Root() dish: string): string {
    return dish;
  }

  static secretsBegan = 0;

  @Authorized("cook")
  @Subscription(() => String, {
    nullable: true,
    async *subscribe() {
      DishResolver.secretsBegan += 1;
      yield "a secret";
    },
  })
  secrets(@Root() dish: string): string {
    return dish;
  }

  @Subscription(() => String, { subscribe: () => "no stream" as never })
  broken(@Root() dish: string): string {
    return dish;
  }
}

describe("a subscription of a host application that cannot begin", () => {
  let auth: Auth;
  let host: Listening;
  let sockets: SocketServer;
  let client: Client;
  /** Of whom the requests are. */
  let credentials: Record<string, string> = {};
  const closes: number[] = [];
  const serverErrors: unknown[] = [];
  const onServerError = (error: unknown) => void serverErrors.push(error);

  async function answer(stream: EventStreamHandler, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const context = await auth.context(req);
    const { status, headers, body } = await stream({ request: req, body: req, context, onServerError });
    res.writeHead(status, { ...headers });
    await pipeline(typeof body === "string" ? [body] : body, res);
  }

  before(async () => {
    auth = await createAuth({ users, secretKey: SECRET_KEY });
    const resolvers = [...auth.resolvers, DishResolver] as const;
    const { silentAuthChecker: authChecker } = auth;
    const schema = await buildSchema({ resolvers, authChecker, authMode: "null", pubSub: noPubSub });
    const stream = createEventStreamHandler(schema);
    const server = createServer((req, res) => void answer(stream, req, res));
    sockets = serveSockets(server, { auth, graphql: { schema }, onServerError });
    host = await listen(server);
  });
  beforeEach(() => {
    serverErrors.length = 0;
    closes.length = 0;
    credentials = {};
    client = createClient({
      url: `${host.url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: () => credentials,
      on: { closed: (event) => void closes.push((event as CloseEvent).code) },
    });
  });
  afterEach(async () => {
    await client.dispose();
    await until(() => sockets.size === 0 && auth.connections.size === 0);
  });
  after(async () => {
    await sockets.close();
    await host.close();
  });

  const overSocket = async (query: string) => (await client.iterate({ query }).next()).value as GraphQLBody<unknown>;

  async function overSse(query: string): Promise<GraphQLBody<unknown>> {
    const { body } = await post(`${host.url}/graphql`, { query }, { ...credentials, accept: "text/event-stream" });
    return JSON.parse(/^data: (.*)$/m.exec(body)?.[1] ?? "null") as GraphQLBody<unknown>;
  }

  const FAILED = { message: "Internal server error", extensions: { code: "INTERNAL_SERVER_ERROR" } };

  async function runningSubscription() {
    const running = client.iterate<{ dishes: string }>({ query: "subscription { dishes }" });
    expect((await running.next()).value).to.deep.equal({ data: { dishes: "soup" } });
    return running;
  }

  async function expectToGoOn(running: Awaited<ReturnType<typeof runningSubscription>>): Promise<void> {
    DishResolver.serve();
    expect((await running.next()).value).to.deep.equal({ data: { dishes: "bread" } });
    expect(closes).to.deep.equal([]);
  }

  for (const [name, ask] of [
    ["a socket", overSocket],
    ["an event stream", overSse],
  ] as const) {
    it(`is told of in its answer alone over ${name}, and to the host`, async () => {
      const running = await runningSubscription();
      expect(await ask("subscription { broken }")).to.deep.equal({ errors: [FAILED] });
      const message = 'Subscription field must return Async Iterable. Received: "no stream".';
      expect(serverErrors.map(String)).to.deep.equal([`Error: ${message}`]);
      await expectToGoOn(running);
    });

    for (const [code, isLoggedIn] of [
      ["UNAUTHENTICATED", false],
      ["FORBIDDEN", true],
    ] as const) {
      it(`is told of in its answer over ${name} where it is denied, with authMode "null" too: ${code}`, async () => {
        if (isLoggedIn) credentials = withToken((await auth.service.tokenAuth(CREDENTIALS)).token);
        const running = await runningSubscription();
        const denied = {
          message: DENIED,
          locations: [{ line: 1, column: 16 }],
          path: ["secrets"],
          extensions: { code },
        };
        expect(await ask("subscription { secrets }")).to.deep.equal({ errors: [denied] });
        expect([DishResolver.secretsBegan, serverErrors]).to.deep.equal([0, []]);
        await expectToGoOn(running);
      });
    }
  }
});
