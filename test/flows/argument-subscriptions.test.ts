import { createServer } from "node:http";
import { expect } from "chai";
import { createTRPCClient, createWSClient, type TRPCClientError, wsLink } from "@trpc/client";
import { createClient } from "graphql-ws";
import {
  Arg,
  Authorized,
  buildSchema,
  Ctx,
  Field,
  FieldResolver,
  ObjectType,
  Resolver,
  Subscription,
} from "type-graphql";
import { WebSocket } from "ws";
import {
  type Auth,
  type AuthContext,
  createAuth,
  createEventStreamHandler,
  createTrpc,
  noPubSub,
  OwnToken,
  Public,
  serveSockets,
  type SocketServer,
} from "../../src/index.js";
import { forge, SECRET_KEY } from "../support/forge.js";
import type { GraphQLBody } from "../support/http.js";
import { listen, type Listening } from "../support/listen.js";

const REFUSED = { message: "A subscription takes its token from its connection", code: "BAD_USER_INPUT" };

/** Whom streams were begun for, and whose events were resolved. */
const begun: string[] = [];
const told: string[] = [];

/** Something happens once. */
async function* once({ context }: { context: AuthContext }): AsyncGenerator<object> {
  begun.push(nameOf(context.user));
  yield {};
}

@ObjectType("Visit")
class Visit {
  @Field(() => String)
  of!: string;
}

@Resolver(() => Visit)
class VisitResolver {
  @Authorized()
  @Subscription(() => Visit, { subscribe: once })
  ruled(@Arg("token", () => String, { nullable: true }) _token: string | null, @Ctx() context: AuthContext): Visit {
    return tell(context);
  }

  @Public()
  @Subscription(() => Visit, { subscribe: once })
  open(@Arg("token", () => String, { nullable: true }) _token: string | null, @Ctx() context: AuthContext): Visit {
    return tell(context);
  }

  @OwnToken()
  @Authorized()
  @Subscription(() => Visit, { subscribe: once })
  voucher(@Arg("token", () => String) _token: string, @Ctx() context: AuthContext): Visit {
    return tell(context);
  }

  @FieldResolver(() => String)
  visitor(@Arg("token", () => String, { nullable: true }) _token: string | null, @Ctx() { user }: AuthContext): string {
    return nameOf(user);
  }
}

function tell({ user }: AuthContext): Visit {
  told.push(nameOf(user));
  return { of: nameOf(user) };
}

function nameOf(user: AuthContext["user"]): string {
  return user?.username ?? "nobody";
}

function tokenOf(username: string): string {
  return forge({ username });
}

/** An input that is taken as it comes. */
const asItIs = (input: unknown) => input as { readonly token?: string };

const { router, authorized, publicProcedure, operation } = createTrpc();
const visits = router({
  ruled: authorized()
    .input(asItIs)
    .subscription(({ ctx }) => visit(ctx)),
  open: publicProcedure.input(asItIs).subscription(({ ctx }) => visit(ctx)),
  voucher: operation.input(asItIs).subscription(({ ctx }) => visit(ctx)),
});

async function* visit({ user }: Pick<AuthContext, "user">): AsyncGenerator<string> {
  begun.push(nameOf(user));
  yield nameOf(user);
}

type Result = GraphQLBody<object>;

describe("subscriptions with per-argument authentication", () => {
  let auth: Auth;
  let host: Listening;
  let sockets: SocketServer;
  const serverErrors: unknown[] = [];

  before(async () => {
    const users = {
      findByNaturalKey: async (username: string) => ({ id: username, username, isActive: true }),
      checkPassword: async () => false,
    };
    auth = await createAuth({ users, secretKey: SECRET_KEY, settings: { allowArgument: true } });
    const { authChecker, globalMiddlewares } = auth;
    const resolvers = [...auth.resolvers, VisitResolver] as const;
    const schema = await buildSchema({ resolvers, authChecker, globalMiddlewares, pubSub: noPubSub });
    const events = createEventStreamHandler(schema);
    const onServerError = (error: unknown) => void serverErrors.push(error);
    const server = createServer((req, res) => {
      void (async () => {
        const context = await auth.context(req);
        const { status, headers, body } = await events({ request: req, body: req, context, onServerError });
        res.writeHead(status, headers);
        for await (const piece of typeof body === "string" ? [body] : body) res.write(piece);
        res.end();
      })();
    });
    sockets = serveSockets(server, { auth, graphql: { schema }, trpc: { router: visits }, onServerError });
    host = await listen(server);
  });
  beforeEach(() => {
    begun.length = 0;
    told.length = 0;
  });
  afterEach(() => expect(serverErrors.splice(0)).to.deep.equal([]));
  after(async () => {
    await sockets.close();
    await host.close();
  });

  async function overSocket(query: string, username?: string): Promise<Result[]> {
    const client = createClient({
      url: `${host.url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      ...(username !== undefined && { connectionParams: { authorization: `JWT ${tokenOf(username)}` } }),
      retryAttempts: 0,
    });
    const results: Result[] = [];
    try {
      for await (const result of client.iterate({ query })) results.push(result as Result);
    } catch (errors) {
      results.push({ errors: errors as NonNullable<Result["errors"]> });
    }
    await client.dispose();
    return results;
  }

  async function overEventStream(query: string, username?: string): Promise<Result[]> {
    const response = await fetch(`${host.url}/graphql`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "text/event-stream",
        ...(username !== undefined && { authorization: `JWT ${tokenOf(username)}` }),
      },
      body: JSON.stringify({ query }),
    });
    const lines = (await response.text()).split("\n").filter((line) => line.startsWith("data: "));
    return lines.map((line) => JSON.parse(line.slice("data: ".length)) as Result);
  }

  /** What a tRPC subscription tells until it ends, or its error. */
  async function overTrpc(name: "ruled" | "open" | "voucher", input: { token?: string }, username?: string) {
    const client = createWSClient({
      url: `${host.url.replace("http", "ws")}/trpc`,
      WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
      ...(username !== undefined && { connectionParams: { authorization: `JWT ${tokenOf(username)}` } }),
    });
    const procedure = createTRPCClient<typeof visits>({ links: [wsLink({ client })] })[name];
    const events: string[] = [];
    try {
      return await new Promise<unknown>((resolve) => {
        procedure.subscribe(input, {
          onData: (event) => void events.push(event),
          onError: ({ message, data }: TRPCClientError<typeof visits>) => resolve({ message, code: data?.errorCode }),
          onComplete: () => resolve(events),
        });
      });
    } finally {
      await client.close();
    }
  }

  describe("of tRPC", () => {
    for (const username of [undefined, "bob"]) {
      for (const name of ["ruled", "open"] as const) {
        it(`do not begin with a token as an input, ${name}, for ${username ?? "nobody"}`, async () => {
          expect(await overTrpc(name, { token: tokenOf("ann") }, username)).to.deep.equal(REFUSED);
          expect(begun).to.deep.equal([]);
        });
      }
    }

    it("are for the user of the connection", async () => {
      expect(await overTrpc("ruled", {}, "bob")).to.deep.equal(["bob"]);
      expect(await overTrpc("open", {})).to.deep.equal(["nobody"]);
    });

    it("take a token that is their own business", async () => {
      expect(await overTrpc("voucher", { token: "x" }, "bob")).to.deep.equal(["bob"]);
    });
  });

  const errorsOf = (results: Result[]) =>
    results.flatMap(({ errors = [] }) =>
      errors.map(({ message, extensions }) => ({ message, code: extensions?.code })),
    );
  const dataOf = (results: Result[]) => results.flatMap(({ data }) => data ?? []);

  for (const [transport, subscribe] of [
    ["a WebSocket", overSocket],
    ["an event stream", overEventStream],
  ] as const) {
    describe(`over ${transport}`, () => {
      for (const username of [undefined, "bob"]) {
        it(`do not begin with a token as an argument, for ${username ?? "nobody"}`, async () => {
          const results = await subscribe(`subscription { ruled(token: "${tokenOf("ann")}") { of } }`, username);
          expect(errorsOf(results)).to.deep.equal([REFUSED]);
          expect(dataOf(results)).to.deep.equal([]);
          expect([begun, told]).to.deep.equal([[], []]);
        });

        it(`tell nothing with one where they have no rule, for ${username ?? "nobody"}`, async () => {
          const results = await subscribe(`subscription { open(token: "${tokenOf("ann")}") { of } }`, username);
          expect(errorsOf(results)).to.deep.equal([REFUSED]);
          expect(dataOf(results)).to.deep.equal([]);
          expect(told).to.deep.equal([]);
        });
      }

      it("are for the user of the connection", async () => {
        expect(dataOf(await subscribe("subscription { ruled { of } }", "bob"))).to.deep.equal([
          { ruled: { of: "bob" } },
        ]);
        expect(dataOf(await subscribe("subscription { open(token: null) { of } }"))).to.deep.equal([
          { open: { of: "nobody" } },
        ]);
        expect([begun, told]).to.deep.equal([
          ["bob", "nobody"],
          ["bob", "nobody"],
        ]);
      });

      it("take a token that is their own business", async () => {
        const results = await subscribe('subscription { voucher(token: "x") { of } }', "bob");
        expect(dataOf(results)).to.deep.equal([{ voucher: { of: "bob" } }]);
        expect(begun).to.deep.equal(["bob"]);
      });

      it("have fields that take tokens of their own", async () => {
        const query = `subscription { open { of visitor(token: "${tokenOf("ann")}") } }`;
        expect(dataOf(await subscribe(query, "bob"))).to.deep.equal([{ open: { of: "bob", visitor: "ann" } }]);
      });
    });
  }
});
