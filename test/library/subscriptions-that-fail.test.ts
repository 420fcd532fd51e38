import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { expect } from "chai";
import { type Client, createClient } from "graphql-ws";
import { buildSchema, Resolver, Root, Subscription } from "type-graphql";
import { type CloseEvent, WebSocket } from "ws";
import {
  type Auth,
  createAuth,
  createEventStreamHandler,
  type EventStreamHandler,
  noPubSub,
  serveSockets,
  type SocketServer,
} from "../../src/index.js";
import { SECRET_KEY } from "../support/forge.js";
import { type GraphQLBody, post } from "../support/http.js";
import { listen, type Listening } from "../support/listen.js";
import { until } from "../support/until.js";

const users = { findByNaturalKey: async () => null, checkPassword: async () => false };

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
    const schema = await buildSchema({ resolvers, authChecker: auth.authChecker, pubSub: noPubSub });
    const stream = createEventStreamHandler(schema);
    const server = createServer((req, res) => void answer(stream, req, res));
    sockets = serveSockets(server, { auth, graphql: { schema }, onServerError });
    host = await listen(server);
  });
  beforeEach(() => {
    serverErrors.length = 0;
    closes.length = 0;
    client = createClient({
      url: `${host.url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
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
    const { body } = await post(`${host.url}/graphql`, { query }, { accept: "text/event-stream" });
    return JSON.parse(/^data: (.*)$/m.exec(body)?.[1] ?? "null") as GraphQLBody<unknown>;
  }

  const FAILED = { message: "Internal server error", extensions: { code: "INTERNAL_SERVER_ERROR" } };

  for (const [name, ask] of [
    ["a socket", overSocket],
    ["an event stream", overSse],
  ] as const) {
    it(`is told of in its answer alone over ${name}, and to the host`, async () => {
      const running = client.iterate<{ dishes: string }>({ query: "subscription { dishes }" });
      expect((await running.next()).value).to.deep.equal({ data: { dishes: "soup" } });
      expect(await ask("subscription { broken }")).to.deep.equal({ errors: [FAILED] });
      const message = 'Subscription field must return Async Iterable. Received: "no stream".';
      expect(serverErrors.map(String)).to.deep.equal([`Error: ${message}`]);
      DishResolver.serve();
      expect((await running.next()).value).to.deep.equal({ data: { dishes: "bread" } });
      expect(closes).to.deep.equal([]);
    });
  }
});
