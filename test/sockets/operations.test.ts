import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { expect } from "chai";
import { type Client, createClient } from "graphql-ws";
import { type CloseEvent, WebSocket } from "ws";
import type { AppRouter } from "../../src/index.js";
import { onEachDatabase } from "../support/databases.js";
import { dataOf, withToken } from "../support/faces.js";
import { type ErrorAnswer, graphql, type GraphQLBody, post } from "../support/http.js";
import { PASSWORD, testContext, type TestContext } from "../support/test-context.js";
import { until } from "../support/until.js";

type Params = Readonly<Record<string, string>>;

/** One socket of graphql-ws. */
function socketClient(context: TestContext, params: Params, onClose: (code: number) => void = () => {}): Client {
  return createClient({
    url: `${context.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: params,
    retryAttempts: 0,
    on: { closed: (event) => onClose((event as CloseEvent).code) },
  });
}

/** The first result of one operation. */
async function answerOf(client: Client, query: string): Promise<GraphQLBody<unknown>> {
  try {
    for await (const result of client.iterate({ query })) return result as GraphQLBody<unknown>;
    return {};
  } catch (error) {
    return { errors: error as ErrorAnswer[] };
  }
}

/** Asks one operation over a socket of its own. */
async function ask(context: TestContext, query: string, params: Params = {}): Promise<GraphQLBody<unknown>> {
  const client = socketClient(context, params);
  try {
    return await answerOf(client, query);
  } finally {
    await client.dispose();
  }
}

function trpc(context: TestContext, params: Record<string, string> = {}) {
  const url = `${context.url.replace("http", "ws")}/trpc`;
  const socket = createWSClient({ url, WebSocket: WebSocket as never, connectionParams: () => params });
  const client = createTRPCClient<AppRouter>({ links: [wsLink<AppRouter>({ client: socket })] });
  return { auth: client.auth, close: () => socket.close() };
}

describe("operations over a socket", () => {
  const context = testContext();

  it("are answered as over HTTP, errors of every kind included", async () => {
    const { token } = await context.login();
    for (const query of [
      "{ me { username roles } }",
      "{ __schema { queryType { name } } }",
      "{ nothing }",
      "{ me { username }",
      "query A { __typename } query B { __typename }",
      `{ ${"a".repeat(33_000)} }`,
      'mutation { verifyToken(token: "garbage") { payload } }',
      'mutation { revokeSession(id: "none") { revoked } }',
    ]) {
      for (const credentials of [{}, withToken(token)]) {
        const { body } = await graphql(`${context.url}/graphql`, query, {}, credentials);
        const answer = await ask(context, query, credentials);
        expect(answer.errors, query.slice(0, 60)).to.deep.equal(body.errors);
        if (body.data) expect(answer, query).to.deep.include({ data: body.data });
      }
    }
  });

  it("take an empty operation name for none", async () => {
    const client = socketClient(context, {});
    const { value } = await client.iterate({ query: "query A { __typename }", operationName: "" }).next();
    expect(value).to.deep.equal({ data: { __typename: "Query" } });
    await client.dispose();
  });

  it("look at the user again each time", async () => {
    const { token, username } = await context.login();
    const { auth, close } = trpc(context, withToken(token));
    expect(await auth.me.query()).to.include({ username, isStaff: false });
    await context.changeUser(username, { isStaff: true });
    expect(await auth.me.query()).to.include({ username, isStaff: true });
    await context.changeUser(username, { isActive: false });
    const error = await auth.me.query().catch((reason: unknown) => reason);
    expect(error).to.have.nested.property("data.errorCode", "INVALID_TOKEN");
    await close();
  });

  it("log in, and tell the address that a limit would count", async () => {
    const { username } = await context.createUser();
    const query = `mutation { tokenAuth(username: "${username}", password: "${PASSWORD}") { token user { username } } }`;
    expect(await ask(context, query)).to.have.nested.property("data.tokenAuth.user.username", username);
    const [event] = context.events;
    expect(event?.request?.address).to.equal("127.0.0.1");

    const { auth, close } = trpc(context);
    const obtained = await auth.tokenAuth.mutate({ username, password: PASSWORD });
    expect(obtained.token).to.be.a("string");
    expect(await auth.me.query()).to.equal(null); // The socket is still nobody's.
    await close();
  });
});

// On MySQL an answer takes turns of the event loop: a socket that did not wait for it would be closed by then.
onEachDatabase("an operation that ends its own socket", (createDatabase) => {
  const context = testContext({}, createDatabase);

  it("answers a new password with new tokens before the socket is closed", async () => {
    const { token } = await context.login();
    const query = `mutation { setPassword(currentPassword: "${PASSWORD}", newPassword: "another-Passw0rd") { token } }`;
    const answer = (await ask(context, query, withToken(token))) as { data: { setPassword: { token: string } } };
    const renewed = answer.data.setPassword.token;
    expect(dataOf(await context.trpc.me(withToken(renewed)))).to.not.equal(null);

    const { auth, close } = trpc(context, withToken(renewed));
    const passwords = { currentPassword: "another-Passw0rd", newPassword: PASSWORD };
    expect((await auth.setPassword.mutate(passwords)).token).to.be.a("string");
    await close();
    await until(() => context.server.application.auth.connections.size === 0);
  });
});

describe("a subscription of which no field would be left", () => {
  const CONDITIONAL = {
    message: "A subscription must not use @skip or @include in its top level selection.",
    code: "GRAPHQL_VALIDATION_FAILED",
  };
  const documents = [
    "subscription { sessionEvents @skip(if: true) { at } }",
    "subscription { sessionEvents @include(if: false) { at } }",
    "subscription { ... @skip(if: true) { sessionEvents { at } } }",
    "subscription { ...F @skip(if: true) } fragment F on Subscription { sessionEvents { at } }",
    "subscription { ...F } fragment F on Subscription { sessionEvents @skip(if: true) { at } }",
  ];

  const context = testContext();
  afterEach(() => expect(context.log.filter(({ level }) => (level as number) >= 40)).to.deep.equal([]));

  const errorsOf = ({ errors }: GraphQLBody<unknown>) =>
    errors?.map(({ message, extensions }) => ({ message, code: extensions?.code }));

  for (const query of documents) {
    it(`is refused as an event stream: ${query}`, async () => {
      const { status, body } = await post(`${context.url}/graphql`, { query }, { accept: "text/event-stream" });
      expect(status).to.equal(200);
      const [, result = ""] = /^data: (.*)$/m.exec(body) ?? [];
      expect(errorsOf(JSON.parse(result) as GraphQLBody<unknown>)).to.deep.equal([CONDITIONAL]);
    });
  }

  it("is refused over a socket, and what else goes on there does", async () => {
    const { token } = await context.login();
    const closes: unknown[] = [];
    const client = socketClient(context, withToken(token), (code) => closes.push(code));
    const events = client.iterate({ query: "subscription { sessionEvents { type } }" });
    const event = events.next();
    for (const query of documents) expect(errorsOf(await answerOf(client, query))).to.deep.equal([CONDITIONAL]);
    expect(await answerOf(client, "{ __typename }")).to.deep.equal({ data: { __typename: "Query" } });
    expect(closes).to.deep.equal([]);
    dataOf(await context.trpc.revokeAllSessions({}, withToken(token)));
    expect(await event).to.have.nested.property("value.data.sessionEvents.type", "LOGGED_OUT");
    await until(() => closes.length > 0);
    expect(closes).to.deep.equal([4401]);
    await client.dispose();
  });
});

describe("operations over a socket with hidden tokens", () => {
  const context = testContext({ JWT_COOKIES: "true", JWT_COOKIE_SECURE: "false", JWT_HIDE_TOKEN_FIELDS: "true" });

  it("hand out none, since no cookie could be set: they are refused before anything has changed", async () => {
    const { username } = await context.createUser();
    const query = `mutation { tokenAuth(username: "${username}", password: "${PASSWORD}") { payload } }`;
    const { errors } = (await ask(context, query)) as { errors: { message: string; extensions: object }[] };
    expect(errors[0]).to.deep.include({
      message: "This operation needs an HTTP request, which is answered with cookies",
      extensions: { code: "NOT_SUPPORTED" },
    });
    expect(await context.sessionsOf(username)).to.deep.equal([]);
  });

  it("do not keep an event stream from flowing", async () => {
    const { username } = await context.createUser();
    const { token } = await context.server.application.auth.service.tokenAuth({ username, password: PASSWORD });
    const headers = { accept: "text/event-stream", cookie: `JWT=${token}`, "x-requested-with": "a test" };
    for (const path of ["graphql?query=subscription{sessionEvents{at}}", "trpc/auth.sessionEvents"]) {
      const response = await fetch(`${context.url}/${path}`, { headers });
      expect(response.status).to.equal(200);
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      const { value } = await reader.read();
      expect(value?.length).to.be.greaterThan(0);
      await reader.cancel();
    }
    await until(() => context.server.application.auth.connections.size === 0);
  });
});
