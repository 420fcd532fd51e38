import { createServer } from "node:http";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { expect } from "chai";
import {
  Authorized,
  buildSchema,
  createUnionType,
  Field,
  InterfaceType,
  ObjectType,
  Query,
  Resolver,
} from "type-graphql";
import { type Auth, createAuth, createGraphQLHandler, createTrpc } from "../../src/index.js";
import { SECRET_KEY } from "../support/forge.js";
import { graphql, post } from "../support/http.js";
import { listen, type Listening } from "../support/listen.js";

/** What ran behind a rule: nothing of it may. */
const ran: string[] = [];

function run(name: string): string {
  ran.push(name);
  return "the secret";
}

@InterfaceType("Guarded")
abstract class Guarded {
  @Field(() => String)
  open!: string;

  @Authorized()
  @Field(() => String, { nullable: true })
  secret?: string;
}

@ObjectType("Note", { implements: Guarded })
class Note implements Guarded {
  open = "open";

  get secret(): string {
    return run("Note.secret");
  }

  @Field(() => String)
  title = "title";
}

/** Every field of it has the rule. */
@Authorized("superuser")
@ObjectType("Safe")
class Safe {
  @Field(() => String, { nullable: true })
  get secret(): string {
    return run("Safe.secret");
  }

  @Field(() => Safe, { nullable: true })
  get inner(): Safe {
    run("Safe.inner");
    return new Safe();
  }
}

const Kept = createUnionType({
  name: "Kept",
  types: () => [Note, Safe] as const,
  resolveType: (value) => (value instanceof Safe ? "Safe" : "Note"),
});

@Resolver()
class OpenResolver {
  @Query(() => Note)
  note(): Note {
    return new Note();
  }

  @Query(() => Guarded)
  guarded(): Guarded {
    return new Note();
  }

  @Query(() => Safe)
  safe(): Safe {
    return new Safe();
  }

  @Query(() => [Kept])
  kept(): (Note | Safe)[] {
    return [new Note(), new Safe()];
  }
}

/** A rule on a class is one on each of its operations. */
@Authorized()
@Resolver()
class ClosedResolver {
  @Query(() => String, { nullable: true })
  closed(): string {
    return run("closed");
  }
}

const { router, publicProcedure, authorized } = createTrpc();
const appRouter = router({
  open: publicProcedure.query(() => "open"),
  closed: authorized().query(() => run("closed")),
  nested: { closed: authorized("superuser").query(async () => [run("nested.closed")]) },
  change: authorized().mutation(() => run("change")),
});

/** Queries that try to reach what is behind a rule. */
const QUERIES: readonly string[] = [
  "{ closed }",
  "{ a: closed b: closed }",
  "{ closed @skip(if: false) }",
  "{ closed @include(if: true) @skip(if: false) }",
  "query($yes: Boolean = true) { closed @include(if: $yes) }",
  "{ ... { ... @include(if: true) { closed } } }",
  "{ ...F } fragment F on Query { closed }",
  "{ ...F @skip(if: false) } fragment F on Query { ...G } fragment G on Query { closed @include(if: true) }",
  "{ note { secret } }",
  "{ note { ... on Guarded { secret } } }",
  "{ guarded { secret } }",
  "{ guarded { ... on Note { secret } } }",
  "{ guarded { ... { ... on Note { ... on Guarded { s: secret } } } } }",
  "{ guarded { ...F } } fragment F on Guarded { secret @include(if: true) }",
  "{ guarded { ...F } } fragment F on Note { title: secret }",
  "{ safe { secret } }",
  "{ safe { inner { inner { secret } } } }",
  "{ kept { ... on Note { secret } ... on Safe { secret } } }",
  "{ kept { ... on Guarded { secret } } }",
  "{ kept { ...F } } fragment F on Kept { ... on Safe { inner { secret } } }",
  "{ note { open secret } note { secret title } }",
];

/** Directives of incremental delivery, and of other servers. */
const DIRECTIVES = ["@defer", "@stream", '@stream(initialCount: 1, label: "x")', "@live", "@export(as: x)", "@nope"];

/** Media types by which clients ask for an answer in parts. */
const INCREMENTAL = [
  "multipart/mixed; deferSpec=20220824, application/json",
  "multipart/mixed; incrementalSpec=v0.2, application/graphql-response+json",
  "multipart/mixed; deferSpec=20220824, */*",
  "text/event-stream, application/json",
];

describe("what is behind a rule", () => {
  let auth: Auth;
  let server: Listening;

  before(async () => {
    const users = { findByNaturalKey: async () => null, checkPassword: async () => false };
    auth = await createAuth({ users, secretKey: SECRET_KEY });
    const resolvers = [OpenResolver, ClosedResolver] as const;
    const schema = await buildSchema({
      resolvers,
      authChecker: auth.authChecker,
      orphanedTypes: [Note, Safe],
      validate: false,
    });
    const handle = createGraphQLHandler(schema);
    const onServerError = (error: unknown) => expect.fail(String(error));
    const host = createServer((req, res) => {
      void (async () => {
        const context = await auth.context(req);
        const [path = ""] = (req.url ?? "").split("?");
        if (path.startsWith("/trpc/")) {
          return nodeHTTPRequestHandler({
            router: appRouter,
            req,
            res,
            path: path.slice("/trpc/".length),
            createContext: async () => context,
          });
        }
        const { status, headers, body } = await handle({ request: req, body: req, context, onServerError });
        res.writeHead(status, headers).end(body);
      })();
    });
    server = await listen(host);
  });
  after(() => server.close());
  beforeEach(() => ran.splice(0));

  for (const query of QUERIES) {
    it(`is not reached by ${query}`, async () => {
      const { body } = await graphql(`${server.url}/graphql`, query);
      expect(body.errors?.map(({ extensions }) => extensions?.code)).to.satisfy(
        (codes: string[]) => codes.length > 0 && codes.every((code) => code === "UNAUTHENTICATED"),
      );
      expect(JSON.stringify(body.data ?? null)).not.to.include("the secret");
      expect(ran).to.deep.equal([]);
    });
  }

  for (const directive of DIRECTIVES) {
    for (const query of [
      `{ note { open ... ${directive} { secret } } }`,
      `{ note { open ...F ${directive} } } fragment F on Note { secret }`,
      `{ kept ${directive} { ... on Safe { secret } } }`,
      `query ${directive} { closed }`,
    ]) {
      it(`is not reached with a directive that there is not: ${query}`, async () => {
        for (const accept of ["application/json", ...INCREMENTAL]) {
          const { body } = await graphql(`${server.url}/graphql`, query, {}, { accept });
          expect(body).to.have.all.keys("errors");
          const name = /^@\w+/.exec(directive)?.[0];
          expect(body.errors?.[0]?.message).to.equal(`Unknown directive "${name}".`);
          expect(ran).to.deep.equal([]);
        }
      });
    }
  }

  for (const accept of INCREMENTAL) {
    it(`is answered in one part, whatever the client accepts: ${accept}`, async () => {
      const { headers, body } = await post(`${server.url}/graphql`, { query: "{ note { open secret } }" }, { accept });
      expect(headers.get("content-type")).to.match(/^application\/(graphql-response\+)?json; charset=utf-8$/);
      expect(JSON.parse(body)).to.have.all.keys("data", "errors").and.to.have.nested.property("data.note.secret", null);
      expect(ran).to.deep.equal([]);
    });
  }

  it("is answered with 406 to clients that take nothing but parts", async () => {
    const accept = "multipart/mixed; deferSpec=20220824";
    const { status } = await post(`${server.url}/graphql`, { query: "{ closed }" }, { accept });
    expect(status).to.equal(406);
    expect(ran).to.deep.equal([]);
  });

  /** Streams of tRPC: each line is a part, and the head has been sent before any of them. */
  for (const headers of [{ "trpc-accept": "application/jsonl" }, { accept: "application/jsonl" }]) {
    it(`is not reached by a streamed batch: ${JSON.stringify(headers)}`, async () => {
      const path = "open,closed,nested.closed,open?batch=1";
      const response = await fetch(`${server.url}/trpc/${path}`, { headers: headers as Record<string, string> });
      const text = await response.text();
      expect(text.split("\n").length).to.be.above(1);
      expect(text.match(/"errorCode":"UNAUTHENTICATED"/g)).to.have.length(2);
      expect(text).to.include("open").and.not.to.include("the secret");
      expect(ran).to.deep.equal([]);
    });

    it(`is not changed by a streamed batch: ${JSON.stringify(headers)}`, async () => {
      const sent = { ...headers } as Record<string, string>;
      const { body } = await post(`${server.url}/trpc/change,change?batch=1`, {}, sent);
      expect(body.match(/"errorCode":"UNAUTHENTICATED"/g)).to.have.length(2);
      expect(ran).to.deep.equal([]);
    });
  }

  it("runs for those whom the rule admits: the tests above could have failed", async () => {
    const admin = { id: "1", isActive: true, isSuperuser: true };
    const context = await auth.context({ headers: {} }, admin);
    const schema = await buildSchema({
      resolvers: [OpenResolver, ClosedResolver],
      authChecker: auth.authChecker,
      orphanedTypes: [Note, Safe],
      validate: false,
    });
    const handle = createGraphQLHandler(schema);
    const request = { method: "POST", url: "/graphql", headers: { "content-type": "application/json" } };
    const onServerError = (error: unknown) => expect.fail(String(error));
    for (const query of QUERIES) {
      ran.length = 0;
      const { body } = await handle({ request, body: JSON.stringify({ query }), context, onServerError });
      expect(body).to.include("the secret").and.not.to.include("errors");
      expect(ran).not.to.deep.equal([]);
    }
    expect(await appRouter.createCaller(context).closed()).to.equal("the secret");
  });
});
