import { once } from "node:events";
import { Agent, type IncomingMessage, request as httpRequest } from "node:http";
import { httpBatchLink, httpLink } from "@trpc/client";
import { expect } from "chai";
import { fastifyRequests, comparable, diverted, UNPLAIN } from "../support/diverted.js";
import { trpcClient, withToken } from "../support/faces.js";
import { postRequest, type RawAnswer, request, sendRaw } from "../support/raw-http.js";
import { NOW, PASSWORD, testContext } from "../support/test-context.js";

const ME = JSON.stringify({ query: "{ me { username roles } }" });
const VERIFY = "mutation ($token: String) { verifyToken(token: $token) { payload } }";
const LOGIN =
  "mutation ($username: String!, $password: String!) { tokenAuth(username: $username, password: $password) { payload refreshExpiresIn } }";

type Headers = Readonly<Record<string, string>>;
type Row = readonly [name: string, bytes: string];

const GRAPHQL_TYPE = { accept: "application/graphql-response+json" };

describe("plain requests, answered without Fastify", () => {
  const context = testContext({ JWT_PROFILE: "documented", JWT_VERIFY_EXPIRATION: "true" });
  const token = () => context.token({ username: "user-1" });
  const stale = () => context.token({ username: "user-1", exp: NOW - 1 });

  before(() => context.createUser());

  /** Each is a function of headers, since tokens are made once the context is there. */
  const direct: (() => Row)[] = [
    () => ["me, anonymous", postRequest("/graphql", ME)],
    () => ["me", postRequest("/graphql", ME, withToken(token()))],
    () => ["me of nobody", postRequest("/graphql", ME, withToken(context.token({ username: "nobody" })))],
    () => ["me with an expired token", postRequest("/graphql", ME, withToken(stale()))],
    () => ["me with a forged token", postRequest("/graphql", ME, withToken(`${token()}x`))],
    () => [
      "me, asked by a page",
      postRequest("/graphql", ME, { ...withToken(token()), origin: "https://elsewhere.test" }),
    ],
    () => ["another scheme", postRequest("/graphql", ME, { authorization: "Basic dTpw" })],
    () => ["the newer media type", postRequest("/graphql", ME, GRAPHQL_TYPE)],
    () => ["a media type that is none of ours", postRequest("/graphql", ME, { accept: "text/html" })],
    () => ["a batch", postRequest("/graphql", `[${ME},${ME}]`)],
    () => ["no JSON", postRequest("/graphql", "{")],
    () => ["no body", postRequest("/graphql", "")],
    () => ["no query", postRequest("/graphql", "{}")],
    () => ["a text beyond ASCII", graphql("{ me { username } } # Grüße 🎉", {})],
    () => ["bad syntax", graphql("{ me {", {})],
    () => ["an unknown field", graphql("{ me { password } }", {})],
    () => ["bad syntax, in the newer media type", graphql("{ me {", {}, GRAPHQL_TYPE)],
    () => ["a variable of the wrong type", graphql(VERIFY, { token: 1 })],
    () => ["verifyToken", graphql(VERIFY, { token: token() })],
    () => ["verifyToken of a stale one", graphql(VERIFY, { token: stale() })],
    () => ["a login", graphql(LOGIN, { username: "user-1", password: PASSWORD })],
    () => ["a wrong password", graphql(LOGIN, { username: "user-1", password: "x" })],
    () => ["a query that is too long", graphql(`{ me { username } } #${"x".repeat(40_000)}`, {})],
    () => ["tRPC: me, anonymous", get("auth.me")],
    () => ["tRPC: me", get("auth.me", withToken(token()))],
    () => ["tRPC: me, asked by a page", get("auth.me", { ...withToken(token()), origin: "https://elsewhere.test" })],
    () => ["tRPC: me with an expired token", get("auth.me", withToken(stale()))],
    () => ["tRPC: me with an argument", get("auth.me?input=%7B%22token%22%3A1%7D")],
    () => ["tRPC: me with no JSON", get("auth.me?input=%7B")],
    () => ["tRPC: five calls", get(`${Array.from({ length: 5 }, () => "auth.me").join(",")}?batch=1`)],
    () => ["tRPC: a batch of one, with an input", get("auth.me?batch=1&input=%7B%7D", withToken(token()))],
    () => ["tRPC: a batch with a list for inputs", get("auth.me?batch=1&input=%5B%5D")],
    () => ["tRPC: a batch, one of which is refused", get("auth.me,auth.sessions?batch=1")],
    () => ["tRPC: sessions", get("auth.sessions")],
    () => ["tRPC: batch=2", get("auth.me?batch=2")],
    () => ["tRPC: verifyToken", call("auth.verifyToken", { token: token() })],
    () => ["tRPC: verifyToken of a stale one", call("auth.verifyToken", { token: stale() })],
    () => [
      "tRPC: a batch of mutations",
      call("auth.verifyToken,auth.verifyToken?batch=1", { 0: { token: token() }, 1: { token: stale() } }),
    ],
    () => ["tRPC: a batch without inputs", call("auth.verifyToken,auth.verifyToken?batch=1", {})],
    () => ["tRPC: no JSON", postRequest("/trpc/auth.verifyToken", "{")],
    () => ["tRPC: no body", postRequest("/trpc/auth.deleteTokenCookie", "")],
    () => ["tRPC: a wrong password", call("auth.tokenAuth", { username: "user-1", password: "x" })],
    () => ["tRPC: an unknown argument", call("auth.tokenAuth", { username: "a", password: "b", admin: true })],
  ];

  /** What is plain on neither side, and so has to be answered as it always was. */
  const indirect: (() => Row)[] = [
    () => ["GraphQL by GET", request("GET", "/graphql?query={__typename}")],
    () => ["GraphQL with a query string", postRequest("/graphql?x=1", ME)],
    () => ["another content type", postRequest("/graphql", ME, { "Content-Type": "text/plain" })],
    () => ["another charset", postRequest("/graphql", ME, { "Content-Type": "application/json; charset=latin1" })],
    () => ["a body beyond the limit", postRequest("/graphql", "x".repeat(65_537))],
    () => ["tRPC: a subscription's header", get("auth.me?batch=1", { "trpc-accept": "application/jsonl" })],
    () => ["tRPC: jsonl", get("auth.me?batch=1", { accept: "application/jsonl" })],
    () => ["tRPC: nothing of that name", get("auth.nothing")],
    () => ["tRPC: a name of every object", get("__proto__")],
    () => ["tRPC: an escaped path", get("auth%2Eme")],
    () => ["tRPC: a mutation by GET", get("auth.verifyToken")],
    () => ["tRPC: a query by POST", call("auth.me", {})],
    () => ["tRPC: kinds mixed", get("auth.me,auth.verifyToken?batch=1")],
    () => ["tRPC: too many", get(`${Array.from({ length: 51 }, () => "auth.me").join(",")}?batch=1`)],
    () => ["tRPC: connection parameters", get("auth.me?connectionParams=%7B%7D")],
    () => ["tRPC: HEAD", request("HEAD", "/trpc/auth.me")],
  ];

  for (const [rows, isDirect] of [
    [direct, true],
    [indirect, false],
  ] as const) {
    for (const [index, row] of rows.entries()) {
      it(`${isDirect ? "directly" : "by Fastify"}, and alike: number ${index + 1}`, async () => {
        const [name, bytes] = row();
        context.forget();
        const [answer] = await sendRaw(context.url, bytes);
        const lines = logLines();
        context.forget();
        const [other] = await sendRaw(context.url, diverted(bytes));
        if (!answer || !other) throw new Error(`${name}: no answer`);
        expect(comparable(answer), name).to.deep.equal(comparable(other));
        expect(lines, name).to.deep.equal(logLines());
        const reached = await fastifyRequests(async () => void (await sendRaw(context.url, bytes)));
        if (isDirect) expect(reached, name).to.equal(0);
      });
    }
  }

  it("reach Fastify with a header that is none of theirs", async () => {
    const bytes = postRequest("/graphql", ME);
    expect(await fastifyRequests(async () => void (await sendRaw(context.url, diverted(bytes))))).to.equal(1);
  });

  it("may come several at once", async () => {
    const bytes = postRequest("/graphql", JSON.stringify({ query: "{ me { username } } # Grüße" }), withToken(token()));
    const answers = await sendRaw(context.url, bytes.repeat(3), 3);
    expect(answers.map(({ body }) => body)).to.deep.equal(Array.from({ length: 3 }, () => USER_1));
  });

  for (const change of [(bytes: string) => bytes, diverted]) {
    const how = change === diverted ? "by Fastify" : "directly";

    it(`cut their connection off where more than 16 come at once, ${how}`, async () => {
      // With a token, so that each waits for the database: what is answered at once is over before the next one begins.
      const bytes = change(postRequest("/graphql", ME, withToken(token())));
      context.forget();
      const reached = await fastifyRequests(async () => {
        expect((await sendRaw(context.url, bytes.repeat(40), 40)).length).to.be.below(17);
      });
      expect(reached).to.be.within(0, change === diverted ? 16 : 0); // Some are begun when the connection has gone.
      const cuts = context.log.filter(({ msg }) => String(msg).startsWith("a connection was cut"));
      expect(cuts.map(({ requests }) => requests)).to.deep.equal([16]);
    });

    it(`may come one after the other without an end, ${how}`, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const headers = {
        "content-type": "application/json",
        ...(change === diverted && UNPLAIN),
      };
      for (let count = 0; count < 40; count += 1) {
        const answer = await once(
          httpRequest(`${context.url}/graphql`, { agent, headers, method: "POST" }).end(ME),
          "response",
        );
        const [response] = answer as [IncomingMessage];
        expect(response.statusCode).to.equal(200);
        await once(response.resume(), "end");
      }
      agent.destroy();
    });
  }

  for (const link of [httpLink, httpBatchLink]) {
    it(`of tRPC's ${link.name} are answered as by tRPC's own adapter`, async () => {
      const seen: unknown[][] = [[], []];
      for (const [index, headers] of [{}, UNPLAIN].entries()) {
        const recording = async (url: string, init?: RequestInit): Promise<Response> => {
          const response = await fetch(url, init);
          const { status } = response;
          const body = await response.clone().text();
          const kept = [...response.headers].filter(([name]) => name !== "date" && name !== "x-request-id");
          seen[index]?.push({ url, status, headers: kept, body });
          return response;
        };
        await callAll(link, { ...headers, ...withToken(token()) }, recording);
      }
      expect(seen[0]).to.have.lengthOf(link === httpLink ? 7 : 2);
      expect(seen[0]).to.deep.equal(seen[1]);
    });
  }

  async function callAll(
    link: typeof httpLink | typeof httpBatchLink,
    headers: Headers,
    fetch: (url: string, init?: RequestInit) => Promise<Response>,
  ): Promise<void> {
    const { auth } = trpcClient(link({ url: `${context.url}/trpc`, headers, fetch: fetch as never }));
    await Promise.allSettled([auth.me.query(), auth.sessions.query(), auth.sessions.query({ user: "x" })]);
    await Promise.allSettled([
      auth.verifyToken.mutate({ token: token() }),
      auth.verifyToken.mutate({ token: stale() }),
      auth.tokenAuth.mutate({ username: "user-1", password: "x" }),
      auth.deleteTokenCookie.mutate(),
    ]);
  }

  /** What is logged of a request, in its order, without what differs between any two. */
  function logLines(): unknown[] {
    return context.log.map((line) => Object.entries({ ...line, time: 0, reqId: "", ms: 0 }));
  }
});

const APP = "https://app.example.com";

for (const environment of [
  { CORS_ORIGINS: `${APP}, http://localhost:5173` },
  { CORS_ORIGINS: APP, JWT_COOKIES: "true" },
  { CORS_ORIGINS: "*" },
]) {
  describe(`plain requests with ${JSON.stringify(environment)}`, () => {
    const context = testContext(environment);

    before(() => context.createUser({ username: "away" }));

    for (const origin of [undefined, APP, "http://localhost:5173", "https://evil.example", "null", ""]) {
      it(`are answered directly, and alike, to ${origin === undefined ? "no page" : JSON.stringify(origin)}`, async () => {
        const page = origin === undefined ? {} : { origin };
        const login = { username: "away", password: PASSWORD };
        const mutation =
          "mutation ($username: String!, $password: String!) { tokenAuth(username: $username, password: $password) { refreshExpiresIn } }";
        const rows = [
          postRequest("/graphql", ME, { ...page, ...withToken(context.token({ username: "away" })) }),
          postRequest("/graphql", ME, { ...page, ...withToken("x") }),
          graphql("{ me {", {}, page),
          graphql(mutation, login, page),
          graphql(mutation, { ...login, password: "x" }, page),
          get("auth.me", page),
          get("auth.me,auth.sessions?batch=1", page),
          get("auth.me", { ...page, ...withToken("x") }),
          postRequest("/trpc/auth.tokenAuth", JSON.stringify({ ...login, password: "x" }), page),
        ];
        for (const bytes of rows) {
          const [answer] = await sendRaw(context.url, bytes);
          const [other] = await sendRaw(context.url, diverted(bytes));
          if (!answer || !other) throw new Error(`no answer to ${bytes}`);
          expect(withoutTokens(answer), bytes).to.deep.equal(withoutTokens(other));
          expect(await fastifyRequests(async () => void (await sendRaw(context.url, bytes))), bytes).to.equal(0);
        }
      });
    }
  });
}

/** Cookies differ in what they hold. */
function withoutTokens(answer: RawAnswer): object {
  const cookie = answer.headers["set-cookie"]?.replace(/=[^;]*/, "=");
  return comparable({
    ...answer,
    headers: { ...answer.headers, ...(cookie !== undefined && { "set-cookie": cookie }) },
  });
}

describe("plain requests behind a proxy that is believed", () => {
  const context = testContext({ TRUST_PROXY: "loopback, 10.0.0.0/8" });

  before(() => context.createUser({ username: "behind" }));

  const rows: Headers[] = [
    {},
    { "x-forwarded-for": "203.0.113.7" },
    { "x-forwarded-for": "198.51.100.1, 203.0.113.7, 10.1.2.3", "x-forwarded-proto": "https" },
    { "x-forwarded-for": "nonsense", "x-forwarded-proto": "http, https" },
    { "x-forwarded-for": "203.0.113.7:1234", "x-forwarded-proto": "https, http" },
    { "x-forwarded-for": "2001:db8::1", "x-forwarded-proto": " HTTPS" },
    { "x-forwarded-proto": "" },
  ];
  for (const headers of rows) {
    it(`come from whom Fastify says: ${JSON.stringify(headers)}`, async () => {
      const login = { username: "behind", password: PASSWORD };
      const seen: unknown[] = [];
      for (const change of [(bytes: string) => bytes, diverted]) {
        context.forget();
        const bytes = postRequest("/trpc/auth.tokenAuth", JSON.stringify(login), headers);
        const reached = await fastifyRequests(async () => {
          const [answer] = await sendRaw(context.url, change(bytes));
          const names = Object.entries(answer?.headers ?? {}).filter(
            ([name]) => !/^(date|x-request-id|content-length)$/.test(name),
          );
          seen.push([answer?.status, names, context.events.map(({ request: by }) => by?.address)]);
        });
        expect(reached).to.equal(change === diverted ? 1 : 0);
      }
      expect(seen[0]).to.deep.equal(seen[1]);
    });
  }
});

const USER_1 = '{"data":{"me":{"username":"user-1"}}}';

function graphql(query: string, variables: object, headers: Headers = {}): string {
  return postRequest("/graphql", JSON.stringify({ query, variables }), headers);
}

function get(path: string, headers: Headers = {}): string {
  return request("GET", `/trpc/${path}`, headers);
}

function call(path: string, input: unknown): string {
  return postRequest(`/trpc/${path}`, JSON.stringify(input));
}
