import { once } from "node:events";
import { expect } from "chai";
import { WebSocket } from "ws";
import { withToken } from "../support/faces.js";
import { graphqlWs, type LiveClient, type Subscription, trpcWs } from "../support/live-clients.js";
import { testContext, type TestContext } from "../support/test-context.js";
import { until } from "../support/until.js";

const CLIENTS: readonly LiveClient[] = [graphqlWs(), trpcWs];

describe("the credentials of a socket", () => {
  const context = testContext({ JWT_COOKIES: "true", JWT_COOKIE_SECURE: "false", JWT_AUTH_HEADER_NAME: "x-token" });
  let subscription: Subscription | undefined;

  afterEach(async () => {
    subscription?.stop();
    await until(() => context.server.application.auth.connections.size === 0);
  });

  for (const client of CLIENTS) {
    const subscribe = async (credentials: Parameters<LiveClient["subscribe"]>[1]): Promise<Subscription> =>
      (subscription = await client.subscribe(context.url, credentials));

    describe(`over ${client.name}`, () => {
      const headers = (token: string) => ({ "x-token": `JWT ${token}` });

      it("are parameters, by the name of any header that means it, in any case", async () => {
        for (const name of ["authorization", "Authorization", "x-token", "X-Token"]) {
          const { token, username } = await login(context);
          const { me, stop } = await subscribe({ params: { [name]: `jwt ${token}` } });
          expect(await me(), name).to.equal(username);
          stop();
        }
      });

      it("are a header", async () => {
        const { token, username } = await login(context);
        expect(await (await subscribe({ headers: headers(token) })).me()).to.equal(username);
      });

      it("are a cookie, which no other origin may send", async () => {
        const { token, username } = await login(context);
        const cookie = `JWT=${token}`;
        expect(await (await subscribe({ headers: { cookie } })).me()).to.equal(username);
        subscription?.stop();
        expect(await (await subscribe({ headers: { cookie, origin: context.url } })).me()).to.equal(username);
        subscription?.stop();
        await until(() => context.server.application.auth.connections.size === 0);
        for (const origin of ["https://evil.example", "null", `${context.url}.evil.example`, "http://127.0.0.1:1"]) {
          const refused = await subscribe({ headers: { cookie, origin } });
          await refused.untilOver();
          expect(refused.closes[0], origin).to.deep.equal({ code: 1006, reason: "" });
          expect(context.server.application.auth.connections.size).to.equal(0);
          refused.stop();
        }
      });

      it("are the parameters where there is a header too", async () => {
        const [one, other] = [await login(context), await login(context)];
        const given = { params: { authorization: `JWT ${one.token}` }, headers: headers(other.token) };
        expect(await (await subscribe(given)).me()).to.equal(one.username);
      });

      it("are none where the prefix is somebody else's", async () => {
        const { token } = await login(context);
        const anonymous = await subscribe({ params: { authorization: `Basic ${token}` } });
        await anonymous.untilOver();
        expect(anonymous.errors).to.deep.equal(["UNAUTHENTICATED"]);
      });

      it("that are bad are refused with a code for each", async () => {
        const expired = context.token({ username: "nobody", exp: 1 }, { header: { alg: "HS256", typ: "at+jwt" } });
        for (const [token, close] of [
          ["garbage", { code: 4401, reason: "Invalid token" }],
          [expired, { code: 4403, reason: "Token expired" }],
        ] as const) {
          const refused = await subscribe({ params: { authorization: `JWT ${token}` } });
          await until(() => refused.closes.length > 0);
          expect(refused.closes[0]).to.deep.equal(close);
          expect(refused.events).to.deep.equal([]);
          refused.stop();
        }
      });
    });
  }

  it("that are bad end a socket over tRPC without a call after a second", async () => {
    const socket = new WebSocket(`${context.url.replace("http", "ws")}/trpc?connectionParams=1`);
    const said: unknown[] = [];
    const closes: number[] = [];
    socket.on("message", (data: Buffer) => void said.push(JSON.parse(data.toString("utf8"))));
    socket.on("close", (code) => void closes.push(code));
    await once(socket, "open");
    socket.send(JSON.stringify({ method: "connectionParams", data: { authorization: "JWT garbage" } }));
    socket.ping();
    await once(socket, "pong");
    // The next ping waits, and the refusal.
    await until(() => context.timers.size === 2);
    await context.timers.pass(0.999);
    expect([said, closes]).to.deep.equal([[], []]);
    await context.timers.pass(0.001);
    await until(() => closes.length > 0);
    expect(closes).to.deep.equal([4401]);
    expect(said).to.have.nested.property("[0].error.data.errorCode", "INVALID_TOKEN");
  });

  it("are refused for good by a code that graphql-ws does not try again after, and asked for again after an expired one", async () => {
    const retrying = graphqlWs(2);
    subscription = await retrying.subscribe(context.url, { params: { authorization: "JWT garbage" } });
    await subscription.untilOver();
    expect(subscription.attempts).to.equal(1);
    subscription.stop();

    const expired = context.token({ username: "nobody", exp: 1 }, { header: { alg: "HS256", typ: "at+jwt" } });
    subscription = await retrying.subscribe(context.url, { params: { authorization: `JWT ${expired}` } });
    await subscription.untilOver();
    expect(subscription.attempts).to.equal(3);
  });
});

async function login(context: TestContext): Promise<{ token: string; username: string }> {
  return context.login();
}

describe("a socket without the setting cookies", () => {
  const context = testContext();

  it("may be opened by a page of any origin, which has nothing to open it with", async () => {
    const { token, username } = await context.login();
    const client = graphqlWs();
    const headers = { origin: "https://app.example", cookie: `JWT=${token}` };
    const anonymous = await client.subscribe(context.url, { headers });
    await anonymous.untilOver();
    expect(anonymous.errors).to.deep.equal(["UNAUTHENTICATED"]);
    anonymous.stop();
    const given = await client.subscribe(context.url, { headers: { ...headers, ...withToken(token) } });
    expect(await given.me()).to.equal(username);
    given.stop();
  });
});
