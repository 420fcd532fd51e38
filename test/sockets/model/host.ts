import { createServer } from "node:http";
import { Authorized, buildSchema, Int, Resolver, Root, Subscription } from "type-graphql";
import { createTrpc, noPubSub, serveSockets, type SocketServer } from "../../../src/index.js";
import { listen, type Listening } from "../../support/listen.js";
import type { TestContext } from "../../support/test-context.js";
import { Feed } from "./feed.js";

const feed = new Feed();

@Resolver()
class TickResolver {
  @Authorized()
  @Subscription(() => Int, { subscribe: () => feed.ticks() })
  ticks(@Root() tick: number): number {
    return tick;
  }
}

const { router, authorized } = createTrpc();

/** A host application with a subscription of its own, on the users and sessions of the bundled server. */
export class Host {
  readonly feed = feed;
  readonly serverErrors: unknown[] = [];

  private constructor(
    private readonly listening: Listening,
    readonly sockets: SocketServer,
  ) {}

  static async start(context: TestContext): Promise<Host> {
    const { auth } = context.server.application;
    const schema = await buildSchema({
      resolvers: [...auth.resolvers, ...auth.subscriptionResolvers, TickResolver],
      authChecker: auth.authChecker,
      pubSub: noPubSub,
    });
    const ticks = authorized().subscription(() => feed.ticks());
    const server = createServer((_request, response) => response.writeHead(404).end());
    const sockets = serveSockets(server, {
      auth,
      graphql: { schema },
      trpc: { router: router({ auth: auth.trpcRouter, ticks }) },
      onServerError: (error) => void host.serverErrors.push(error),
      setTimer: context.timers.set,
    });
    const host: Host = new Host(await listen(server), sockets);
    return host;
  }

  get url(): string {
    return this.listening.url.replace("http", "ws");
  }

  async stop(): Promise<void> {
    await this.sockets.close();
    await this.listening.close();
  }
}
