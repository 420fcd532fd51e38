import { expect } from "chai";
import { buildSchema } from "type-graphql";
import { type AuthUser, createAuth, createGraphQLHandler } from "../../src/index.js";
import { FORM_TYPES } from "../support/form-types.js";
import { SECRET_KEY } from "../support/forge.js";
import { post } from "../support/http.js";
import { PASSWORD, testContext } from "../support/test-context.js";

interface Item {
  readonly data?: Record<string, { token?: string; refreshToken?: string; username?: string } | null>;
  readonly errors?: readonly { message: string; extensions: { code: string } }[];
}

const NOT_ALLOWED = "Batches are not allowed: send one operation in a request";

describe("an array of GraphQL operations, by default", () => {
  const context = testContext();

  it("is refused, and nothing of it runs", async () => {
    const { username } = await context.createUser();
    const query = `mutation { tokenAuth(username: "${username}", password: "${PASSWORD}") { token } }`;
    for (const batch of [[{ query }], [{ query }, { query }], []]) {
      const { status, body } = await post(`${context.url}/graphql`, batch);
      expect(status).to.equal(400);
      expect(JSON.parse(body)).to.deep.equal({
        errors: [{ message: NOT_ALLOWED, extensions: { code: "BAD_REQUEST" } }],
      });
    }
    expect(context.hasher.runs).to.equal(0);
    expect(context.events).to.deep.equal([]);
  });
});

describe("an array of GraphQL operations, with queryBatchLimit", () => {
  const context = testContext({ JWT_QUERY_BATCH_LIMIT: "3", JWT_COOKIES: "true" });

  async function send(batch: readonly unknown[], headers: Record<string, string> = {}) {
    const { status, body, headers: received } = await post(`${context.url}/graphql`, batch, headers);
    return { status, items: JSON.parse(body) as Item[], headers: received };
  }

  const login = (username: string, password = PASSWORD) => ({
    query: "mutation ($u: String!, $p: String!) { tokenAuth(username: $u, password: $p) { token refreshToken } }",
    variables: { u: username, p: password },
  });

  it("is answered in its order, each operation for itself", async () => {
    const { username } = await context.createUser();
    const batch = [{ query: "{ a: __typename }" }, login(username, "wrong"), { query: "{ b: __typename }" }];
    const { status, items } = await send(batch);
    expect(status).to.equal(200);
    expect(items.map(({ data }) => data)).to.deep.equal([{ a: "Query" }, { tokenAuth: null }, { b: "Query" }]);
    expect(items[1]?.errors?.[0]?.extensions.code).to.equal("INVALID_CREDENTIALS");
  });

  it("runs one operation after the other: what one changes the next one sees", async () => {
    const { refreshToken } = await context.login();
    context.forget();
    const refresh = { query: `mutation { refreshToken(refreshToken: "${refreshToken}") { refreshToken } }` };
    const revoke = { query: `mutation { revokeToken(refreshToken: "${refreshToken}") { revoked } }` };
    const { items } = await send([refresh, revoke, refresh]);
    expect(items[0]?.errors).to.equal(undefined);
    expect(items[1]?.errors).to.equal(undefined);
    expect(items[2]?.errors?.[0]?.extensions.code).to.equal("INVALID_REFRESH_TOKEN");
    expect(context.eventNames).to.deep.equal(["refreshTokenRotated", "tokenRefreshed", "refreshTokenRevoked"]);
  });

  it("sets the cookies of the last that sets them", async () => {
    const { username } = await context.createUser();
    const { items, headers } = await send([login(username), login(username, "wrong")]);
    const cookies = headers.getSetCookie().filter((cookie) => cookie.startsWith("__Host-JWT="));
    expect(cookies.map((cookie) => /=([^;]*)/.exec(cookie)?.[1])).to.deep.equal([items[0]?.data?.["tokenAuth"]?.token]);
  });

  it("has the status of all its answers, or 200 where they differ", async () => {
    const bad = { query: "{ nope }" };
    const good = { query: "{ __typename }" };
    expect((await send([bad, bad])).status).to.equal(400);
    expect((await send([bad, good])).status).to.equal(200);
    expect((await send([good, bad])).status).to.equal(200);
    expect((await send([good, good])).status).to.equal(200);
  });

  it("is refused with more operations than the limit, and with none, and nothing runs", async () => {
    const { username } = await context.createUser();
    for (const [batch, message] of [
      [Array(4).fill(login(username)), "A batch must not have more than 3 operations"],
      [[], "A batch must have an operation"],
    ] as const) {
      const { status, body } = await post(`${context.url}/graphql`, batch);
      expect(status).to.equal(400);
      expect(JSON.parse(body)).to.deep.equal({ errors: [{ message, extensions: { code: "BAD_REQUEST" } }] });
    }
    expect(context.hasher.runs).to.equal(0);
  });

  it("limits each operation by itself", async () => {
    const aliases = `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: __typename`).join(" ")} }`;
    const { items } = await send([{ query: aliases }, { query: "{ __typename }" }]);
    expect(items[0]?.errors?.[0]).to.deep.include({
      message: "The query has more than 30 aliases.",
      extensions: { code: "QUERY_TOO_COMPLEX" },
    });
    expect(items[1]?.data).to.deep.equal({ __typename: "Query" });
  });

  for (const item of [null, 1, "{ __typename }", [], [{ query: "{ __typename }" }], {}]) {
    it(`answers an item that is no request as one: ${JSON.stringify(item)}`, async () => {
      const { items } = await send([item, { query: "{ __typename }" }]);
      expect(items).to.deep.equal([
        { errors: [{ message: "Missing query", extensions: { code: "BAD_REQUEST" } }] },
        { data: { __typename: "Query" } },
      ]);
    });
  }

  it("is JSON as everything else: no other media type, and no URL", async () => {
    const body = JSON.stringify([{ query: "{ __typename }" }]);
    const asText = await fetch(`${context.url}/graphql`, { method: "POST", body });
    expect(asText.status).to.equal(415);
    const byGet = await fetch(`${context.url}/graphql?query=${encodeURIComponent(body)}`);
    expect(byGet.status).to.equal(400);
    expect(await byGet.text()).to.include("Syntax Error");
  });

  it("is no array where it is broken", async () => {
    const response = await fetch(`${context.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '[{"query":"{ __typename }"}',
    });
    expect(response.status).to.equal(400);
    expect(await response.text()).to.include("Unparsable JSON body");
  });

  it("carries one token for all, and a bad one ends all", async () => {
    const { token, username } = await context.login();
    const me = { query: "{ me { username } }" };
    const { items } = await send([me, me], { authorization: `JWT ${token}` });
    expect(items.map(({ data }) => data?.["me"]?.username)).to.deep.equal([username, username]);
    const refused = await post(`${context.url}/graphql`, [me, me], { authorization: "JWT x" });
    expect(refused.status).to.equal(401);
  });
});

describe("a batch in a host application, whose answers have no other headers", () => {
  const ADA: AuthUser = { id: 1, username: "ada", isActive: true };
  let logins = 0;
  const checkPassword = async () => (logins += 1) > 0;
  const users = { findByNaturalKey: async () => ADA, checkPassword };

  async function answerTo(batch: readonly unknown[], contentType: readonly string[] = ["application/json"]) {
    const request = { method: "POST", url: "/graphql", headers: { "content-type": contentType } };
    const settings = { queryBatchLimit: 3 };
    const auth = await createAuth({ users, secretKey: SECRET_KEY, settings });
    const schema = await buildSchema({ resolvers: auth.resolvers, authChecker: auth.authChecker, validate: false });
    return createGraphQLHandler(schema)({
      request,
      body: JSON.stringify(batch),
      context: await auth.context(request),
      onServerError: (error) => expect.fail(String(error)),
    });
  }

  const login = { query: 'mutation { tokenAuth(username: "ada", password: "x") { token } }' };
  const bad = { query: "{ nope }" };
  const none = { query: "" };
  for (const [what, batch, status] of [
    ["tokens alone", [login, login], 200],
    ["a token before what is refused", [login, bad], 200],
    ["a token after what is refused", [bad, login], 200],
    ["what is refused alone", [bad, none], 400],
    ["what is no request", [1, login], 200],
    ["more operations than the limit", [login, login, login, login], 400],
    ["no operation", [], 400],
  ] as const) {
    it(`stays out of caches with ${what}`, async () => {
      const answer = await answerTo(batch);
      expect(answer.status).to.equal(status);
      expect(answer.headers).to.deep.equal({
        "content-type": "application/json; charset=utf-8",
        "cache-control": "no-store",
      });
    });
  }

  for (const types of FORM_TYPES) {
    it(`is none with ${JSON.stringify(types)}, and nothing of it runs`, async () => {
      logins = 0;
      const { status, body } = await answerTo([login, login], types);
      expect(status).to.equal(415);
      const message = "The Content-Type must be application/json";
      const extensions = { code: "UNSUPPORTED_MEDIA_TYPE" };
      expect(JSON.parse(body)).to.deep.equal({ errors: [{ message, extensions }] });
      expect(logins).to.equal(0);
    });
  }
});
