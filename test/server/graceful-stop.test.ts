import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import Fastify, { type FastifyInstance } from "fastify";
import { silentLogger } from "../../src/logger.js";
import { closeGracefully } from "../../src/server/graceful-close.js";
import { RunningRequests } from "../../src/server/running-requests.js";
import { janusAuth } from "../support/command-line.js";
import { withServer } from "../support/running-server.js";
import { ServerProcess } from "../support/server-process.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

/** A connection whose every byte the test decides. */
class Connection {
  readonly closed: Promise<unknown>;
  #received = "";

  private constructor(private readonly socket: Socket) {
    socket.setEncoding("utf8").on("data", (chunk: string) => (this.#received += chunk));
    socket.on("error", () => {}); // It may be reset; `closed` tells.
    this.closed = once(socket, "close").then(() => this.#received);
  }

  /** @throws Error if it is refused */
  static async open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    return new Connection(socket);
  }

  send(text: string): void {
    this.socket.write(text);
  }

  async until(text: string): Promise<string> {
    while (!this.#received.includes(text)) await once(this.socket, "data");
    return this.#received;
  }

  destroy(): void {
    this.socket.destroy();
  }
}

/** Resolves when nobody takes connections at this URL any more. */
async function untilRefused(url: string): Promise<void> {
  for (;;) {
    try {
      (await Connection.open(url)).destroy();
    } catch (error) {
      // One that was waiting to be accepted when the server closed its door is reset; the next one is refused.
      if ((error as NodeJS.ErrnoException).code === "ECONNRESET") continue;
      expect(error).to.have.property("code", "ECONNREFUSED");
      return;
    }
  }
}

describe("a server that is told to stop", function () {
  const directory = temporaryDirectory();
  const environment = () => ({ JANUS_DATA_DIR: join(directory.path(), "data") });
  const body = JSON.stringify({
    query: 'mutation { tokenAuth(username: "alice", password: "s3cret") { user { username } } }',
  });
  let server: ServerProcess;

  before(async () => {
    await janusAuth(["migrate"], { environment: environment() });
    await janusAuth(["create-user", "alice", "--password-stdin"], { environment: environment(), input: "s3cret" });
  });
  beforeEach(async () => {
    server = await ServerProcess.start(environment());
  });
  afterEach(() => server.kill());

  /** A login that the server has begun to read and whose end it waits for. */
  async function beginLogin(path = "/graphql"): Promise<Connection> {
    const connection = await Connection.open(server.url);
    const head = [`POST ${path} HTTP/1.1`, "Host: localhost", "Content-Type: application/json"];
    connection.send([...head, `Content-Length: ${body.length}`, "Expect: 100-continue", "", ""].join("\r\n"));
    await connection.until("100 Continue");
    return connection;
  }

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`finishes at ${signal} the request that is running, takes no new one, and exits with 0`, async () => {
      const connection = await beginLogin();
      server.signal(signal);
      await untilRefused(server.url);
      connection.send(body);

      const answer = String(await connection.closed);
      expect(answer).to.match(/^HTTP\/1\.1 200 OK\r$/m);
      expect(answer).to.match(/^connection: close\r$/m);
      expect(answer).to.contain('{"data":{"tokenAuth":{"user":{"username":"alice"}}}}');
      const { code, signal: killedBy, stderr } = await server.ended;
      expect({ code, killedBy }).to.deep.equal({ code: 0, killedBy: null });
      const log = stderr
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line))
        .filter(({ msg }) => msg !== "auth event");
      expect(log.slice(-3).map(({ msg }) => msg)).to.deep.equal(["stopping", "request", "stopped"]);
      expect(log.at(-3)).to.have.property("signal", signal);
    });
  }

  it("is held neither by a client that keeps its connection, nor by one that has sent nothing or half a head", async () => {
    const kept = await Connection.open(server.url);
    kept.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await kept.until('{"status":"ok"}');
    const half = await Connection.open(server.url);
    half.send("GET /healthz HTTP/1.1\r\nHost: loc");
    const silent = await Connection.open(server.url);
    // Connections are taken in order, so when this one is answered the others are known.
    const last = await Connection.open(server.url);
    last.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await last.until('{"status":"ok"}');

    server.signal("SIGTERM");
    const received = await Promise.all([kept.closed, half.closed, silent.closed, last.closed]);
    expect(received.slice(1, 3)).to.deep.equal(["", ""]);
    const { code, stderr } = await server.ended;
    expect(code).to.equal(0);
    expect(stderr).to.contain('"stopped"').and.not.contain("cut off");
  });

  it("exits at once at a second signal", async () => {
    await beginLogin();
    server.signal("SIGTERM");
    await untilRefused(server.url);
    const insist = setInterval(() => server.signal("SIGINT"), 50);
    const { code } = await server.ended;
    clearInterval(insist);
    expect(code).to.equal(130);
  });
});

describe("closing the server", () => {
  it("closes the database", async () => {
    const environment = { SECRET_KEY: "k".repeat(64), DATABASE_URL: "sqlite::memory:" };
    const { dataSource } = await withServer({ environment }, async ({ application }) => application);
    expect(dataSource.isInitialized).to.equal(false);
  });
});

describe("closeGracefully", () => {
  function requestsOf({ server }: FastifyInstance): RunningRequests {
    const requests = new RunningRequests(16, silentLogger);
    requests.follow(server);
    server.on("request", ({ socket }) => void requests.begin(socket));
    return requests;
  }

  it("cuts off a request that takes longer than the limit, and says so", async () => {
    const log: string[] = [];
    const http = Fastify({ logger: { level: "warn", stream: { write: (line: string) => log.push(line) } } });
    closeGracefully(http, requestsOf(http), { limit: 50 });
    http.get("/", () => new Promise(() => {}));
    const url = await http.listen({ host: "127.0.0.1", port: 0 });
    const connection = await Connection.open(url);
    const isRunning = once(http.server, "request");
    connection.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await isRunning;

    await http.close();
    expect(await connection.closed).to.equal("");
    expect(log.map((line) => JSON.parse(line))).to.have.lengthOf(1);
    expect(JSON.parse(log[0] ?? "")).to.include({
      connections: 1,
      msg: "requests that took too long were cut off to stop",
    });
  });

  it("waits for nothing where nothing runs", async () => {
    const http = Fastify();
    closeGracefully(http, requestsOf(http), { limit: 60_000 });
    const url = await http.listen({ host: "127.0.0.1", port: 0 });
    const connection = await Connection.open(url);
    await http.close();
    await connection.closed;
  });
});
