import { once } from "node:events";
import { expect } from "chai";
import { WebSocket } from "ws";
import { MAX_OPERATIONS } from "../../src/auth/connection.js";
import { MAX_CONNECTIONS } from "../../src/auth/connections.js";
import { withToken } from "../support/faces.js";
import { request, sendRaw } from "../support/raw-http.js";
import { testContext } from "../support/test-context.js";
import { until } from "../support/until.js";

const UPGRADE = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};
const GRAPHQL = "graphql-transport-ws";

describe("the limits of sockets", () => {
  const context = testContext();
  const sockets: Client[] = [];

  /** A client that sends what it likes. */
  class Client {
    readonly socket: WebSocket;
    readonly received: unknown[] = [];
    readonly closed: Promise<string>;
    pings = 0;

    constructor(path: string, protocol: string[] = [], headers = {}) {
      this.socket = new WebSocket(`${context.url.replace("http", "ws")}${path}`, protocol, { headers });
      sockets.push(this);
      this.socket.on("message", (data: Buffer) => this.received.push(parsed(data.toString())));
      this.socket.on("ping", () => (this.pings += 1));
      this.socket.on("error", () => undefined);
      this.closed = new Promise((resolve) => {
        this.socket.once("close", (code, reason) => resolve(`${code} ${reason.toString()}`.trim()));
      });
    }

    static async open(path: string, protocol?: string[], headers = {}): Promise<Client> {
      const client = new Client(path, protocol, headers);
      await once(client.socket, "open");
      return client;
    }

    static async graphql(headers = {}): Promise<Client> {
      const client = await Client.open("/graphql", [GRAPHQL], headers);
      client.send({ type: "connection_init" });
      await until(() => client.received.length === 1);
      return client;
    }

    send(message: unknown): void {
      this.socket.send(JSON.stringify(message));
    }
  }

  afterEach(async () => {
    for (const { socket } of sockets.splice(0)) socket.terminate();
    await until(() => context.server.application.auth.connections.size === 0 && context.timers.size === 0);
  });

  for (const [name, path, protocols] of [
    ["GraphQL", "/graphql", [GRAPHQL]],
    ["tRPC", "/trpc", []],
  ] as const) {
    describe(`over ${name}`, () => {
      const open = () => Client.open(path, [...protocols]);

      it("hold for the size of a message", async () => {
        const client = await open();
        client.socket.send("x".repeat(64 * 1024 + 1));
        expect(await client.closed).to.equal("1009");
      });

      it("refuse binary messages", async () => {
        const client = await open();
        client.socket.send(Buffer.from('{"type":"connection_init"}'));
        expect(await client.closed).to.equal("1003 Messages are text");
      });

      it("cut off a client that asks and does not read", async function () {
        this.timeout(30_000);
        const client = await open();
        if (name === "GraphQL") client.send({ type: "connection_init" });
        client.socket.pause();
        const long = "x".repeat(4_000);
        const message =
          name === "GraphQL"
            ? (id: number) => ({ id: `${id}`, type: "subscribe", payload: { query: `{ ${long} }` } })
            : (id: number) => ({ id, method: "query", params: { path: long } });
        const { connections } = context.server.application.auth;
        await until(() => connections.size === 1);
        let sent = 0;
        for (; connections.size === 1 && sent < 20_000; sent += 1) {
          client.send(message(sent));
          if (sent % 50 === 0) await new Promise(setImmediate);
        }
        expect(sent).to.be.lessThan(20_000);
        expect(connections.size).to.equal(0);
      });

      it("compress nothing", async () => {
        expect((await open()).socket.extensions).to.equal("");
      });

      it("cut off a client that answers no ping", async () => {
        const client = await open();
        if (name === "GraphQL") client.send({ type: "connection_init" });
        if (name === "GraphQL") await until(() => client.received.length === 1);
        await context.timers.pass(25);
        await until(() => client.pings === 1);
        // What is answered after the server's ping was answered.
        client.socket.ping();
        await once(client.socket, "pong");
        await context.timers.pass(25);
        expect(client.socket.readyState).to.equal(WebSocket.OPEN);
        client.socket.pause(); // From here on it reads no ping.
        await context.timers.pass(25);
        await context.timers.pass(25);
        client.socket.resume();
        expect(await client.closed).to.equal("1006");
      });
    });
  }

  it("close a socket whose client does not say who it is", async () => {
    const graphql = await Client.open("/graphql", [GRAPHQL]);
    const trpc = await Client.open("/trpc?connectionParams=1");
    const anonymous = await Client.open("/trpc");
    await context.timers.pass(9.9);
    expect(graphql.socket.readyState).to.equal(WebSocket.OPEN);
    await context.timers.pass(0.2);
    expect(await graphql.closed).to.equal("4408 Connection initialisation timeout");
    expect(await trpc.closed).to.equal("4408 Connection initialisation timeout");
    expect(anonymous.socket.readyState).to.equal(WebSocket.OPEN);
  });

  for (const [what, send, close] of [
    [
      "an operation before it",
      { id: "1", type: "subscribe", payload: { query: "{ __typename }" } },
      "4401 Unauthorized",
    ],
    ["what is no message", { hello: 1 }, "4400 Invalid message received"],
    ["a query that is none", { id: "1", type: "subscribe", payload: { query: 1 } }, "4400 Invalid message received"],
  ] as const) {
    it(`close a GraphQL socket that begins with ${what}`, async () => {
      const client = await Client.open("/graphql", [GRAPHQL]);
      client.send(send);
      expect(await client.closed).to.equal(close);
    });
  }

  it("close a GraphQL socket of another protocol, and one that says twice who it is", async () => {
    const old = new Client("/graphql", ["graphql-ws"]);
    await old.closed;
    expect(context.server.application.auth.connections.size).to.equal(0);
    const without = await Client.open("/graphql");
    expect(await without.closed).to.equal("4406 Subprotocol not acceptable");
    const twice = await Client.graphql();
    twice.send({ type: "connection_init" });
    expect(await twice.closed).to.equal("4429 Too many initialisation requests");
  });

  it(`run ${MAX_OPERATIONS} operations on a socket, and refuse the others one by one`, async () => {
    const { token } = await context.login();
    const client = await Client.graphql(withToken(token));
    const payload = { query: "subscription { sessionEvents { at } }" };
    for (let id = 0; id < 2_000; id += 1) client.send({ id: `${id}`, type: "subscribe", payload });
    await until(() => client.received.length === 1 + 2_000 - MAX_OPERATIONS);
    const [, first] = client.received as { type: string; payload: { message: string; extensions: object }[] }[];
    expect(first?.type).to.equal("error");
    expect(first?.payload[0]).to.deep.include({
      message: "At most 100 operations may run on one connection at the same time",
      extensions: { code: "TOO_MANY_OPERATIONS" },
    });
    for (let id = 0; id < 2_000; id += 1) client.send({ id: `${id}`, type: "complete" });
    client.send({ id: "again", type: "subscribe", payload: { query: "{ __typename }" } });
    await until(() => client.received.some((message) => (message as { type: string }).type === "next"));
  });

  it(`run ${MAX_OPERATIONS} calls on a tRPC socket, and refuse the others one by one`, async () => {
    const { token } = await context.login();
    const client = await Client.open("/trpc", [], withToken(token));
    for (let id = 0; id < 300; id += 1) {
      client.send({ id, method: "subscription", params: { path: "auth.sessionEvents" } });
    }
    await until(() => client.received.length === 300);
    const refused = (client.received as { error?: { data: object } }[]).flatMap(({ error }) =>
      error ? [error.data] : [],
    );
    expect(refused).to.have.lengthOf(200);
    expect(refused[0]).to.deep.include({
      code: "TOO_MANY_REQUESTS",
      httpStatus: 429,
      errorCode: "TOO_MANY_OPERATIONS",
    });

    client.send(
      Array.from({ length: 51 }, (_, id) => ({ id: 1000 + id, method: "query", params: { path: "auth.me" } })),
    );
    await until(() => client.received.length === 351);
    expect(client.received.at(-1)).to.have.nested.property("error.data.errorCode", "BAD_REQUEST");
  });

  it("hold for all transports of a process together", async () => {
    const { connections } = context.server.application.auth;
    const nobody = { user: null, payload: null, request: undefined };
    const opened = Array.from({ length: MAX_CONNECTIONS }, () => connections.open(nobody));
    const client = await Client.open("/graphql", [GRAPHQL]);
    client.send({ type: "connection_init" });
    expect(await client.closed).to.equal("1013 Try again later");
    const stream = await fetch(`${context.url}/graphql?query={__typename}`, {
      headers: { accept: "text/event-stream" },
    });
    expect(stream.status).to.equal(503);
    await stream.text();
    for (const connection of opened) connection.close();
  });

  it("answer what is no WebSocket as if it had not asked for one", async () => {
    for (const headers of [{ Upgrade: "h2c", Connection: "Upgrade" }, UPGRADE]) {
      const [answer] = await sendRaw(context.url, request("GET", "/healthz", headers));
      expect(answer).to.deep.include({ status: 200, body: '{"status":"ok"}' });
    }
    const [h2c] = await sendRaw(
      context.url,
      request("POST", "/graphql", { Upgrade: "h2c", Connection: "Upgrade", "Content-Length": "2" }, "{}"),
    );
    expect(h2c).to.deep.include({ status: 400 });
    const [malformed] = await sendRaw(
      context.url,
      request("GET", "/graphql", { ...UPGRADE, "Sec-WebSocket-Key": "x" }),
    );
    expect(malformed?.status).to.equal(400);
    expect(JSON.parse(malformed?.body ?? "")).to.deep.equal({
      errors: [{ message: "The WebSocket handshake is malformed", extensions: { code: "BAD_REQUEST" } }],
    });
    expect(malformed?.headers).to.include({ "cache-control": "no-store" });
  });

  it("leave nothing of 1,000 sockets that came and went", async function () {
    this.timeout(60_000);
    const { token } = await context.login();
    const { auth } = context.server.application;
    for (let round = 0; round < 20; round += 1) {
      const clients = await Promise.all(Array.from({ length: 50 }, () => Client.graphql(withToken(token))));
      for (const client of clients) {
        client.send({ id: "1", type: "subscribe", payload: { query: "subscription { sessionEvents { at } }" } });
        client.send({ id: "2", type: "subscribe", payload: { query: "{ me { username } }" } });
      }
      await until(() => clients.every(({ received }) => received.length >= 3));
      expect(auth.connections.size).to.equal(50);
      for (const { socket } of clients) socket.terminate();
      await until(() => auth.connections.size === 0);
    }
    expect(context.timers.size).to.equal(0);
    expect(context.log.filter(({ level }) => (level as number) >= 40)).to.deep.equal([]);
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
