import { expect } from "chai";
import { graphqlRequest, postRequest, request, sendRaw } from "../support/raw-http.js";
import { errorOf, expectLogin, expectNoInternals, expectRefusal } from "../support/refusals.js";
import { testContext } from "../support/test-context.js";

type Row = readonly [name: string, bytes: string, code: string, message: string, status?: number];

const TOO_LARGE = ["PAYLOAD_TOO_LARGE", "The request body is too large", 413] as const;
const NO_BATCHES = "Batches are not allowed: send one operation in a request";
const INVALID = "GRAPHQL_VALIDATION_FAILED";
const NOT_PARSED = "GRAPHQL_PARSE_FAILED";
const LOGIN = "mutation ($u: String!, $p: String!) { tokenAuth(username: $u, password: $p) { token } }";

/** Bodies that are no GraphQL request. */
const BODIES: readonly Row[] = [
  ["no body", post(""), "BAD_REQUEST", "Missing body"],
  ["no JSON", post("query { me { id } }"), "BAD_REQUEST", "Unparsable JSON body"],
  ["half a JSON", post('{"query":"{__typename}"'), "BAD_REQUEST", "Unparsable JSON body"],
  ["30,000 brackets", post("[".repeat(30_000)), "BAD_REQUEST", "Unparsable JSON body"],
  ["a byte order mark", post("\xef\xbb\xbf" + json({ query: "{__typename}" })), "BAD_REQUEST", "Unparsable JSON body"],
  ["a NUL byte", post('{"query":"{__typename}\0"}'), "BAD_REQUEST", "Unparsable JSON body"],
  ["gzip that does not say so", postRequest("/graphql", "\x1f\x8b\x08\0"), "BAD_REQUEST", "Unparsable JSON body"],
  ["UTF-16", post("\xff\xfe{\0}\0"), "BAD_REQUEST", "Unparsable JSON body"],
  ["null", post("null"), "BAD_REQUEST", "JSON body must be an object"],
  ["a number", post("1e999"), "BAD_REQUEST", "JSON body must be an object"],
  ["a text", post('"{__typename}"'), "BAD_REQUEST", "JSON body must be an object"],
  ["an empty object", post("{}"), "BAD_REQUEST", "Missing query"],
  ["a batch", post(json([{ query: "{__typename}" }])), "BAD_REQUEST", NO_BATCHES],
  ["an empty batch", post(" [ ]"), "BAD_REQUEST", NO_BATCHES],
  ["a query in the prototype", post('{"__proto__":{"query":"{__typename}"}}'), "BAD_REQUEST", "Missing query"],
  ["a query that is null", post(json({ query: null })), "BAD_REQUEST", "Missing query"],
  ["the last of two queries", post('{"query":"{__typename}","query":null}'), "BAD_REQUEST", "Missing query"],
  ["a query that is a number", post(json({ query: 1 })), "BAD_REQUEST", "Invalid query"],
  ["a query that is a list", post(json({ query: ["{__typename}"] })), "BAD_REQUEST", "Invalid query"],
  ["variables that are a text", graphqlRequest("{__typename}", "{}"), "BAD_REQUEST", "Invalid variables"],
  ["variables that are a list", graphqlRequest("{__typename}", []), "BAD_REQUEST", "Invalid variables"],
  [
    "an operation name that is a number",
    post(json({ query: "{__typename}", operationName: 1 })),
    "BAD_REQUEST",
    "Invalid operationName",
  ],
  [
    "extensions that are a text",
    post(json({ query: "{__typename}", extensions: "" })),
    "BAD_REQUEST",
    "Invalid extensions",
  ],
  ["a query of 100 kB", graphqlRequest(`{__typename}#${"x".repeat(100_000)}`), ...TOO_LARGE],
  ["a password of 1 MB", graphqlRequest(LOGIN, { u: "a", p: "x".repeat(1e6) }), ...TOO_LARGE],
  ["a token of 1 MB", graphqlRequest(`mutation{verifyToken(token:"${"x".repeat(1e6)}"){payload}}`), ...TOO_LARGE],
  ["a variable of 1,000,000 elements", graphqlRequest(LOGIN, { u: Array(1e6).fill(0), p: "x" }), ...TOO_LARGE],
  ["100,000 aliases", graphqlRequest(aliases(100_000, "__typename")), ...TOO_LARGE],
];

/** Requests in the URL. */
const URLS: readonly Row[] = [
  ["no query", request("GET", "/graphql"), "BAD_REQUEST", "Missing query"],
  ["an empty query", request("GET", "/graphql?query="), NOT_PARSED, "Syntax Error: Unexpected <EOF>."],
  ["a list of queries", request("GET", "/graphql?query[]={__typename}"), "BAD_REQUEST", "Missing query"],
  [
    "bytes that are no UTF-8",
    request("GET", "/graphql?query=%ff"),
    NOT_PARSED,
    "Syntax Error: Unexpected character: U+FFFD.",
  ],
  [
    "a broken percent-encoding",
    request("GET", "/graphql?query=%zz"),
    NOT_PARSED,
    'Syntax Error: Unexpected character: "%".',
  ],
  [
    "variables that are no JSON",
    request("GET", "/graphql?query={__typename}&variables={"),
    "BAD_REQUEST",
    "Unparsable URL",
  ],
  [
    "variables that are a list",
    request("GET", "/graphql?query={__typename}&variables=[]"),
    "BAD_REQUEST",
    "Invalid variables",
  ],
  [
    "extensions that are no JSON",
    request("GET", "/graphql?query={__typename}&extensions=x"),
    "BAD_REQUEST",
    "Unparsable URL",
  ],
  [
    "a mutation",
    request("GET", "/graphql?query=mutation{verifyToken(token:%22%22){payload}}"),
    "METHOD_NOT_ALLOWED",
    "Mutations are not allowed over GET",
    405,
  ],
  [
    "an Accept that has none of ours",
    request("GET", "/graphql?query={__typename}", { Accept: "text/html" }),
    "NOT_ACCEPTABLE",
    "Answers are application/graphql-response+json or application/json",
    406,
  ],
  [
    "an Accept of 10 kB",
    request("GET", "/graphql?query={__typename}", { Accept: "a/b;q=x,".repeat(1250) }),
    "NOT_ACCEPTABLE",
    "Answers are application/graphql-response+json or application/json",
    406,
  ],
];

/** Well-formed mutations with texts that are meant to do harm: refused as any other that are wrong. */
const TEXTS = [
  "' OR '1'='1",
  "'; DROP TABLE janus_user; --",
  "<script>alert(1)</script>",
  "${7*7}",
  "%00%0a",
  "\ud800",
  "😀".repeat(127),
  "\u202eadmin",
  "ﷺ".repeat(255),
];

describe("a hostile GraphQL request", () => {
  const context = testContext();
  afterEach(() => expectLogin(context));

  const tables = { BODIES, URLS };
  for (const [table, rows] of Object.entries(tables)) {
    describe(`of the table ${table}`, () => {
      for (const [name, bytes, code, message, status = 400] of rows) {
        it(`is refused with ${status}: ${name}`, async () => {
          // Of many errors, each is short and there are a hundred at most.
          await expectRefusal(context, { bytes, status, code, message, size: 25_000 });
        });
      }
    });
  }

  for (const text of TEXTS) {
    it(`is a failed login, no more: ${JSON.stringify(text).slice(0, 40)}`, async () => {
      const [answer] = await sendRaw(context.url, graphqlRequest(LOGIN, { u: text, p: text }));
      const error = {
        message: "Please enter valid credentials",
        locations: [{ line: 1, column: 39 }],
        path: ["tokenAuth"],
        extensions: { code: "INVALID_CREDENTIALS" },
      };
      expect(answer?.status).to.equal(200);
      expect(JSON.parse(answer?.body ?? "")).to.deep.equal({ data: { tokenAuth: null }, errors: [error] });
    });
  }

  for (const token of ["", "\0", "x", "a.b.c", "..", "x".repeat(60_000), '"', "😀", "null"]) {
    it(`is an invalid token, no more: ${JSON.stringify(token).slice(0, 40)}`, async () => {
      const mutations =
        "{ verifyToken(token: $t) { payload } refreshToken(refreshToken: $t) { token } revokeToken(refreshToken: $t) { revoked } }";
      const [answer] = await sendRaw(context.url, graphqlRequest(`mutation ($t: String) ${mutations}`, { t: token }));
      const { data, errors } = JSON.parse(answer?.body ?? "");
      expect(answer?.status).to.equal(200);
      expect(data).to.deep.equal({ verifyToken: null, refreshToken: null, revokeToken: null });
      const codes = errors.map((error: { extensions: object; message: string }) => ({
        ...error.extensions,
        message: error.message,
      }));
      const refresh = { code: "INVALID_REFRESH_TOKEN", message: "Invalid refresh token" };
      expect(codes).to.deep.equal([{ code: "INVALID_TOKEN", message: "Error decoding signature" }, refresh, refresh]);
    });
  }

  it("is answered with 200 for an Accept of application/json alone, as the specification asks, and with the same error", async () => {
    const rows = [
      [graphqlRequest("{"), NOT_PARSED, "Syntax Error: Expected Name, found <EOF>."],
      [graphqlRequest("{x}"), INVALID, 'Cannot query field "x" on type "Query".'],
      [graphqlRequest(LOGIN), "BAD_USER_INPUT", 'Variable "$u" of required type "String!" was not provided.'],
    ] as const;
    for (const [bytes, code, message] of rows) {
      const [answer] = await sendRaw(context.url, bytes.replace("\r\n", "\r\nAccept: application/json\r\n"));
      if (!answer) throw new Error("no answer");
      expect(answer.status).to.equal(200);
      expect(errorOf(answer)).to.deep.equal({ code, message });
      expectNoInternals(answer.body);
    }
  });

  it("may use names of JavaScript's own as aliases", async () => {
    const [answer] = await sendRaw(context.url, graphqlRequest("{ __proto__: __typename constructor: __typename }"));
    expect(answer?.body).to.equal('{"data":{"__proto__":"Query","constructor":"Query"}}');
  });
});

function post(text: string): string {
  return postRequest("/graphql", text);
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

function aliases(count: number, field: string): string {
  return `{${Array.from({ length: count }, (_, i) => `a${i}:${field}`).join(" ")}}`;
}
