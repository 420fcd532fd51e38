import { expect } from "chai";
import * as fc from "fast-check";
import { encode } from "../support/forge.js";
import { graphqlRequest, postRequest, request, sendRaw } from "../support/raw-http.js";
import { expectNoInternals } from "../support/refusals.js";
import { type Login, testContext } from "../support/test-context.js";

/** How often each property is tried. What fails is printed with its seed: `fc.assert(…, { seed })` tries it again. */
const RUNS = { numRuns: 300 };

const QUERIES = [
  "query ($yes: Boolean! = true) { me @include(if: $yes) { id ...user } } fragment user on UserType { username roles }",
  'mutation ($t: String) { verifyToken(token: $t) { payload } revokeToken(refreshToken: "x") { revoked } }',
  "mutation ($u: String!, $p: String!) { a: tokenAuth(username: $u, password: $p) { token payload user { id } } }",
];
const LOGIN = QUERIES[2] ?? "";
const PIECES = [
  "{",
  "}",
  "(",
  ")",
  "[",
  "]",
  "$",
  "...",
  "@",
  "!",
  ":",
  "|",
  '"',
  '"""',
  "#",
  "\\u",
  "null",
  "on",
  "__proto__",
];

/** Some bytes, one character each. */
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array).toString("latin1"));

/** A text with pieces taken out, doubled or put in. */
function mutationsOf(text: string, pieces: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const place = fc.nat(text.length);
  const change = fc.tuple(place, fc.nat(8), fc.oneof(fc.constant(""), pieces));
  return fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map((changes) =>
      changes.reduce((mutated, [at, length, piece]) => mutated.slice(0, at) + piece + mutated.slice(at + length), text),
    );
}

describe("random requests, seldom good and never an error of the server:", () => {
  const context = testContext();
  let login: Login;
  before(async () => {
    login = await context.login();
  });
  // Mocha itself fails a test during which a rejection is handled by nobody.
  afterEach(() => {
    // A failed login is a warning that belongs there: it is what the requests are.
    const alarms = context.log.filter(({ level, event }) => (level as number) >= 40 && event !== "loginFailed");
    expect(alarms).to.deep.equal([]);
  });

  /** Answers the status. */
  async function statusOf(sent: string): Promise<number> {
    const [answer] = await sendRaw(context.url, sent);
    if (!answer) throw new Error("no answer");
    expect(answer.status).to.be.within(200, 499);
    if (answer.status >= 300) expectNoInternals(answer.body);
    return answer.status;
  }

  it("headers", async () => {
    const name = fc.oneof(
      fc.constantFrom(
        "Authorization",
        "Accept",
        "Content-Type",
        "Cookie",
        "trpc-accept",
        "Expect",
        "Upgrade",
        "Origin",
        "Range",
        "If-Match",
        "Accept-Version",
      ),
      fc
        .stringMatching(/^[a-z-]{1,9}$/)
        .filter((word) => !/^(content-length|transfer-encoding|connection|host)$/.test(word)),
    );
    const value = fc.oneof(
      bytes(60).map((text) => text.replace(/[\r\n]/g, "")),
      fc.constantFrom("JWT ", "jwt a.b.c", "*/*", "application/json;charset=", "a=b; a=c", "\t"),
    );
    const property = fc.asyncProperty(
      fc.dictionary(name, value, { maxKeys: 5 }),
      fc.constantFrom("/graphql?query={me{id}}", "/trpc/auth.me", "/healthz", "/nothing"),
      async (headers, path) => {
        await statusOf(request("GET", path, headers));
      },
    );
    await fc.assert(property, RUNS);
  });

  it("addresses", async () => {
    const path = fc.oneof(
      fc.webPath(),
      fc.webQueryParameters().map((query) => `?${query}`),
      fc.stringMatching(/^[\w%.,/?&=+~-]{0,30}$/),
      fc.string({ unit: "binary" }).map((text) => encodeURI(text)),
    );
    const property = fc.asyncProperty(
      fc.constantFrom(
        "",
        "/graphql",
        "/graphql?query=",
        "/trpc/",
        "/trpc/auth.me?input=",
        "/trpc/auth.me?batch=1&input=",
        "/healthz",
      ),
      path,
      async (start, rest) => {
        await statusOf(request("GET", `/${start}${rest}`.replace("//", "/").replaceAll(" ", "%20")));
      },
    );
    await fc.assert(property, RUNS);
  });

  it("bodies", async () => {
    const json = mutationsOf(
      JSON.stringify({ query: LOGIN, variables: { u: "a", p: "b" } }),
      fc.oneof(bytes(5), fc.constantFrom(...PIECES)),
    );
    const property = fc.asyncProperty(
      fc.oneof(bytes(80), json, fc.json()),
      fc.constantFrom("/graphql", "/trpc/auth.tokenAuth", "/trpc/auth.tokenAuth,auth.verifyToken?batch=1"),
      async (body, path) => {
        await statusOf(postRequest(path, body));
      },
    );
    await fc.assert(property, RUNS);
  });

  it("GraphQL documents", async () => {
    const pieces = fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 4 }));
    const document = fc.oneof(...QUERIES.map((query) => mutationsOf(query, pieces)));
    await fc.assert(
      fc.asyncProperty(document, async (query) => void (await statusOf(graphqlRequest(query)))),
      RUNS,
    );
  });

  it("GraphQL variables and operation names", async () => {
    const value = fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" }));
    const property = fc.asyncProperty(
      fc.constantFrom(...QUERIES),
      fc.dictionary(fc.constantFrom("u", "p", "t", "yes", "__proto__", "toString"), value),
      fc.option(value),
      async (query, variables, operationName) => {
        await statusOf(
          postRequest(
            "/graphql",
            JSON.stringify({ query, variables, ...(operationName !== null && { operationName }) }),
          ),
        );
      },
    );
    await fc.assert(property, RUNS);
  });

  it("tRPC inputs", async () => {
    const name = fc.constantFrom(
      "username",
      "password",
      "token",
      "refreshToken",
      "__proto__",
      "constructor",
      "0",
      "1",
      "",
    );
    const input = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(name, fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" }))),
    );
    const procedure = fc.constantFrom("auth.tokenAuth", "auth.verifyToken", "auth.refreshToken", "auth.revokeToken");
    const property = fc.asyncProperty(
      fc.array(procedure, { minLength: 1, maxLength: 3 }),
      input,
      fc.boolean(),
      async (procedures, value, batch) => {
        await statusOf(postRequest(`/trpc/${procedures.join(",")}${batch ? "?batch=1" : ""}`, JSON.stringify(value)));
      },
    );
    await fc.assert(property, RUNS);
  });

  it("access tokens that are no more than like a good one", async () => {
    const letter = fc.stringMatching(/^[\w.=+/-]{1,3}$/);
    const [header = "", payload = "", signature = ""] = login.token.split(".");
    const claims = fc.dictionary(fc.constantFrom("username", "exp", "origIat", "sid", "aud", "iat"), fc.jsonValue());
    const tokens = fc.oneof(
      mutationsOf(login.token, letter),
      fc
        .record({ alg: fc.constantFrom("none", "HS256", "HS512", "RS256", ""), typ: fc.jsonValue() })
        .map((other) => [encode(other), payload, signature].join(".")),
      claims.map((other) => [header, encode(other), signature].join(".")),
      fc.stringMatching(/^[\w-]{0,60}\.[\w-]{0,60}\.[\w-]{0,60}$/),
    );
    const property = fc.asyncProperty(
      tokens.filter((token) => token !== login.token && token !== ""),
      async (token) => {
        expect(await statusOf(request("GET", "/trpc/auth.me", { Authorization: `JWT ${token}` }))).to.equal(401);
        expect(await statusOf(postRequest("/trpc/auth.verifyToken", JSON.stringify({ token })))).to.equal(401);
      },
    );
    await fc.assert(property, RUNS);
    expect(await statusOf(request("GET", "/trpc/auth.me", { Authorization: `JWT ${login.token}` }))).to.equal(200);
  });

  it("refresh tokens that are no more than like a good one", async () => {
    const tokens = fc.oneof(
      mutationsOf(login.refreshToken, fc.stringMatching(/^[\w=+/-]{1,3}$/)),
      fc.base64String(),
      fc.string({ unit: "binary" }),
    );
    const property = fc.asyncProperty(
      tokens.filter((token) => token !== login.refreshToken),
      async (refreshToken) => {
        for (const name of ["refreshToken", "revokeToken"]) {
          expect(await statusOf(postRequest(`/trpc/auth.${name}`, JSON.stringify({ refreshToken })))).to.equal(401);
        }
      },
    );
    await fc.assert(property, RUNS);
    expect(
      await statusOf(postRequest("/trpc/auth.refreshToken", JSON.stringify({ refreshToken: login.refreshToken }))),
    ).to.equal(200);
  });
});
