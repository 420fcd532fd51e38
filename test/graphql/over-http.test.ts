import { expect } from "chai";
import { PASSWORD, testContext, type TestContext } from "../support/test-context.js";

const RESPONSE_JSON = "application/graphql-response+json; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";

/** What a request of each kind is answered, by what the client accepts: status and Content-Type. */
const ACCEPTED: [accept: string | undefined, status: number, contentType: string][] = [
  ["application/graphql-response+json", 400, RESPONSE_JSON],
  ["application/graphql-response+json, application/json;q=0.9", 400, RESPONSE_JSON],
  ["APPLICATION/GraphQL-Response+JSON", 400, RESPONSE_JSON],
  ["application/json", 200, JSON_TYPE],
  ["application/json; charset=utf-8", 200, JSON_TYPE],
  ["text/html, application/json", 200, JSON_TYPE],
  ["*/*", 400, JSON_TYPE],
  ["application/*", 400, JSON_TYPE],
  ["text/html, */*;q=0.1", 400, JSON_TYPE],
  ["text/event-stream, */*;q=0.1", 400, JSON_TYPE],
  ["text/event-stream, application/json", 200, JSON_TYPE],
  ["", 400, JSON_TYPE],
];

const NOT_ACCEPTED = [
  "text/html",
  "application/xml",
  "application/json;q=0",
  "application/json; charset=utf-16",
  "multipart/mixed",
  "text/event-stream;q=0",
  "text/event-stream; charset=utf-16",
];

/** What is answered with an event stream; the second is urql's for a subscription. */
const STREAMED = [
  "text/event-stream",
  "text/event-stream, multipart/mixed",
  "multipart/mixed, Text/Event-Stream;q=0.9",
  "text/event-stream, application/json;q=0",
];

const STREAM = { accept: "text/event-stream" };

/** Headers of a request that graphql-http reads for us. */
const UNUSUAL = { "content-type": "application/json;  charset=utf-8" };

/** Requests that cannot be executed: their body, and the error. */
const REQUEST_ERRORS: Record<string, [body: object, message: string, code: string]> = {
  "a syntax error": [{ query: "{ me { " }, "Syntax Error: Expected Name, found <EOF>.", "GRAPHQL_PARSE_FAILED"],
  "an unknown field": [
    { query: "{ nope }" },
    'Cannot query field "nope" on type "Query".',
    "GRAPHQL_VALIDATION_FAILED",
  ],
  "a variable of the wrong type": [
    { query: "query($i: Boolean!) { me @include(if: $i) { id } }", variables: { i: "yes" } },
    'Variable "$i" got invalid value "yes"; Boolean cannot represent a non boolean value: "yes"',
    "BAD_USER_INPUT",
  ],
  "a missing variable": [
    { query: "query($i: Boolean!) { me @include(if: $i) { id } }" },
    'Variable "$i" of required type "Boolean!" was not provided.',
    "BAD_USER_INPUT",
  ],
  "an unknown operation": [
    { query: "query A { __typename }", operationName: "B" },
    'Unknown operation named "B".',
    "BAD_REQUEST",
  ],
  "one of several operations, not named": [
    { query: "query A { __typename } query B { __typename }" },
    "Must provide operation name if query contains multiple operations.",
    "BAD_REQUEST",
  ],
};

async function send(context: TestContext, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${context.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, contentType: response.headers.get("content-type"), text, response };
}

describe("GraphQL over HTTP", () => {
  const context = testContext();

  for (const [name, [body, message, code]] of Object.entries(REQUEST_ERRORS)) {
    for (const [accept, status, contentType] of ACCEPTED) {
      it(`answers ${status} to ${name} for Accept: ${accept}`, async () => {
        const answer = await send(context, body, accept === undefined ? {} : { accept });
        expect(answer).to.include({ status, contentType });
        const { errors, ...rest } = JSON.parse(answer.text) as { errors: { message: string; extensions: object }[] };
        expect(errors[0]).to.deep.include({ message, extensions: { code } });
        expect(rest).to.deep.equal({});
      });
    }
  }

  for (const accept of NOT_ACCEPTED) {
    it(`answers 406 for Accept: ${accept}, and runs nothing`, async () => {
      const { username } = await context.createUser();
      const query = `mutation { tokenAuth(username: "${username}", password: "${PASSWORD}") { token } }`;
      const answer = await send(context, { query }, { accept });
      expect(answer.status).to.equal(406);
      const message = "Answers are application/graphql-response+json or application/json";
      const errors = [{ message, extensions: { code: "NOT_ACCEPTABLE" } }];
      expect(JSON.parse(answer.text)).to.deep.equal({ errors });
      expect(context.hasher.runs).to.equal(0);
    });
  }

  for (const accept of STREAMED) {
    it(`streams answers for Accept: ${accept}`, async () => {
      const answer = await send(context, { query: "{ __typename }" }, { accept });
      expect(answer).to.include({ status: 200, contentType: "text/event-stream; charset=utf-8" });
      expect(answer.text).to.equal(
        ':\n\nevent: next\ndata: {"data":{"__typename":"Query"}}\n\nevent: complete\ndata:\n\n',
      );
      const refused = await send(context, { query: "subscription { sessionEvents { at } }" }, { accept });
      expect(refused).to.include({ status: 200, contentType: "text/event-stream; charset=utf-8" });
      expect(refused.text).to.include('"extensions":{"code":"UNAUTHENTICATED"}');
    });
  }

  describe("with an empty operation name", () => {
    const get = (query: string, accept = JSON_TYPE) => {
      const search = new URLSearchParams({ query, operationName: "" }).toString();
      return fetch(`${context.url}/graphql?${search}`, { headers: { accept } }).then((answer) => answer.text());
    };
    const post = (query: string, headers = {}) =>
      send(context, { query, operationName: "" }, headers).then(({ text }) => text);

    it("runs the one operation that there is", async () => {
      const data = '{"data":{"__typename":"Query"}}';
      // The second is not planned, and the third is read by graphql-http.
      for (const query of ["{ __typename }", "query A { ... { __typename } }"]) {
        for (const text of [await post(query), await post(query, UNUSUAL), await get(query)])
          expect(text).to.equal(data);
        for (const text of [await post(query, STREAM), await get(query, STREAM.accept)]) expect(text).to.include(data);
      }
    });

    it("asks for a name where there are several", async () => {
      const query = "query A { __typename } query B { __typename }";
      const message = "Must provide operation name if query contains multiple operations.";
      const errors = [{ message, extensions: { code: "BAD_REQUEST" } }];
      for (const text of [await post(query), await post(query, UNUSUAL), await get(query)])
        expect(JSON.parse(text)).to.deep.equal({ errors });
    });
  });

  describe("by POST", () => {
    const bad: [name: string, body: string, message: string][] = [
      ["no JSON", "{not json", "Unparsable JSON body"],
      ["an empty body", "", "Missing body"],
      ["an array", "[]", "Batches are not allowed: send one operation in a request"],
      ["a text", `"text"`, "JSON body must be an object"],
      ["no query", "{}", "Missing query"],
      ["a query that is a number", '{ "query": 5 }', "Invalid query"],
      ["variables that are text", '{ "query": "{ __typename }", "variables": "{}" }', "Invalid variables"],
      [
        "an operation name that is a list",
        '{ "query": "{ __typename }", "operationName": [] }',
        "Invalid operationName",
      ],
      ["extensions that are a number", '{ "query": "{ __typename }", "extensions": 1 }', "Invalid extensions"],
    ];
    for (const [name, body, message] of bad) {
      for (const accept of ["application/json", "application/graphql-response+json"]) {
        it(`answers 400 to ${name} for Accept: ${accept}`, async () => {
          const answer = await send(context, body, { accept });
          expect(answer.status).to.equal(400);
          expect(JSON.parse(answer.text)).to.deep.equal({ errors: [{ message, extensions: { code: "BAD_REQUEST" } }] });
        });
      }
    }

    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      it(`answers 415 to ${type}`, async () => {
        const answer = await send(context, { query: "{ __typename }" }, { "content-type": type });
        expect(answer.status).to.equal(415);
        const message = "The Content-Type must be application/json";
        const errors = [{ message, extensions: { code: "UNSUPPORTED_MEDIA_TYPE" } }];
        expect(JSON.parse(answer.text)).to.deep.equal({ errors });
      });
    }

    it("runs the operation that is named", async () => {
      const query = "query A { a: __typename } query B { b: __typename }";
      const answer = await send(context, { query, operationName: "B" });
      expect(JSON.parse(answer.text)).to.deep.equal({ data: { b: "Query" } });
    });

    it("keeps answers out of caches and names the request", async () => {
      const { response } = await send(context, { query: "{ __typename }" });
      expect(response.headers.get("cache-control")).to.equal("no-store");
      expect(response.headers.get("x-request-id")).to.match(/^[\da-f-]{36}$/);
    });
  });

  describe("by GET", () => {
    const get = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
      fetch(`${context.url}/graphql?${new URLSearchParams(parameters).toString()}`, { headers });

    it("answers a query, with variables and an operation name", async () => {
      const { token, username } = await context.login();
      const query = "query A { __typename } query B($i: Boolean!) { me { username id @skip(if: $i) } }";
      const response = await get(
        { query, operationName: "B", variables: '{ "i": true }' },
        { authorization: `JWT ${token}` },
      );
      expect(response.status).to.equal(200);
      expect(await response.json()).to.deep.equal({ data: { me: { username } } });
    });

    it("answers 400 to variables that are no JSON, and to no query", async () => {
      for (const [parameters, message] of [
        [{ query: "{ __typename }", variables: "{" }, "Unparsable URL"],
        [{}, "Missing query"],
      ] as const) {
        const response = await get(parameters);
        expect(response.status).to.equal(400);
        expect(await response.json()).to.deep.equal({ errors: [{ message, extensions: { code: "BAD_REQUEST" } }] });
      }
    });

    it("answers 405 to a mutation, and does not run it", async () => {
      const { username } = await context.createUser();
      const query = `mutation { tokenAuth(username: "${username}", password: "${PASSWORD}") { token } }`;
      for (const parameters of [
        { query },
        { query: `query A { __typename } ${query.replace("n {", "n B {")}`, operationName: "B" },
      ]) {
        const response = await get(parameters);
        expect(response.status).to.equal(405);
        expect(response.headers.get("allow")).to.equal("POST");
        const message = "Mutations are not allowed over GET";
        expect(await response.json()).to.deep.equal({
          errors: [{ message, extensions: { code: "METHOD_NOT_ALLOWED" } }],
        });
      }
      expect(context.hasher.runs).to.equal(0);
      expect(context.events).to.deep.equal([]);
    });
  });

  for (const method of ["PUT", "DELETE", "PATCH"]) {
    it(`answers 405 to ${method}`, async () => {
      const response = await fetch(`${context.url}/graphql`, { method });
      expect(response.status).to.equal(405);
      expect(response.headers.get("allow")).to.equal("GET, POST");
      const message = "Only GET and POST are allowed";
      expect(await response.json()).to.deep.equal({
        errors: [{ message, extensions: { code: "METHOD_NOT_ALLOWED" } }],
      });
    });
  }

  it("keeps what succeeded beside what was refused", async () => {
    const { token, username } = await context.login();
    const query = `mutation($t: String) { good: verifyToken(token: $t) { payload } bad: verifyToken { payload } }`;
    const answer = await send(context, { query, variables: { t: token } });
    const { data, errors } = JSON.parse(answer.text) as {
      data: { good: { payload: object }; bad: null };
      errors: object[];
    };
    expect(answer.status).to.equal(200);
    expect(data.good.payload).to.include({ username });
    expect(data.bad).to.equal(null);
    expect(errors).to.deep.equal([
      {
        message: "Token is required",
        locations: [{ line: 1, column: 65 }],
        path: ["bad"],
        extensions: { code: "TOKEN_REQUIRED" },
      },
    ]);
  });
});
