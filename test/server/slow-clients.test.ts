import { expect } from "chai";
import type { FastifyInstance } from "fastify";
import { request, sendRaw } from "../support/raw-http.js";
import { RawConnection } from "../support/raw-connection.js";
import { secondServer } from "../support/second-server.js";
import { testContext } from "../support/test-context.js";
import { until } from "../support/until.js";

/** Longer than any test takes: what is cut off in a test is cut off by the one limit that the test names. */
const NEVER = 300_000;
const PATIENT = { arrivalTime: NEVER, stallTime: NEVER, keepAliveTime: NEVER };

describe("a slow client", () => {
  const context = testContext();
  const second = secondServer(context);
  const open: RawConnection[] = [];
  afterEach(() => {
    for (const connection of open.splice(0)) connection.close();
  });

  async function connect(url: string): Promise<RawConnection> {
    const connection = await RawConnection.open(url);
    open.push(connection);
    return connection;
  }

  const dripped = {
    "its headers": { head: "GET /healthz HTTP/1.1\r\nHost: janus.test\r\n", rest: "X-A: b\r\n" },
    "one endless header": { head: "GET /healthz HTTP/1.1\r\nX-A: ", rest: "b" },
    "empty lines before its request": { head: "", rest: "\r\n" },
    "its body": {
      head: request("POST", "/graphql", { "Content-Type": "application/json", "Content-Length": "60000" }),
      rest: " ",
    },
    "its body in chunks": {
      head: request("POST", "/trpc/auth.tokenAuth", {
        "Content-Type": "application/json",
        "Transfer-Encoding": "chunked",
      }),
      rest: "1\r\n \r\n",
    },
  };
  for (const [what, { head, rest }] of Object.entries(dripped)) {
    it(`is cut off if it sends ${what} a byte at a time, however steadily`, async () => {
      const url = await second.start({ limits: { ...PATIENT, arrivalTime: 100 } });
      const connection = (await connect(url)).send(head).drip(rest, 5);
      await connection.end();
      expect(connection.received).to.match(/^HTTP\/1\.1 408 /);
      expect(second.alarms).to.deep.equal([]);
    });
  }

  it("is cut off if it connects and sends nothing, like all the others, while requests are answered", async () => {
    const url = await second.start({ limits: { ...PATIENT, arrivalTime: 300 } });
    const idle = await Promise.all(Array.from({ length: 200 }, () => connect(url)));
    const [answer] = await sendRaw(url, request("GET", "/healthz"));
    expect(answer?.status).to.equal(200);
    await Promise.all(idle.map((connection) => connection.end()));
    await until(async () => (await second.connections()) === 0);
    expect(second.alarms).to.deep.equal([]);
  });

  it("is cut off if it keeps its connection open after an answer, and asks for nothing more", async () => {
    const url = await second.start({ limits: { ...PATIENT, keepAliveTime: 100 } });
    const connection = (await connect(url)).send(request("GET", "/healthz"));
    await connection.end();
    expect(connection.received).to.match(/^HTTP\/1\.1 200 [^]*"status":"ok"/);
  });

  /** A route whose answers are larger together than what the system holds for a client that does not read. */
  function largeAnswers(asked: { count: number }) {
    const text = "x".repeat(1_000_000);
    return (server: FastifyInstance) =>
      server.get("/large", async () => {
        asked.count += 1;
        return text;
      });
  }

  it("is cut off if it does not read its answers", async () => {
    const asked = { count: 0 };
    const url = await second.start({ limits: { ...PATIENT, stallTime: 300 }, prepare: largeAnswers(asked) });
    (await connect(url)).stopReading().send(request("GET", "/large").repeat(16));
    await until(async () => (await second.connections()) === 0);
    expect(asked.count).to.equal(16);
    expect(second.alarms).to.deep.equal([]);
  });

  it("is cut off if it sends many requests without reading an answer, and those beyond the limit are not begun", async () => {
    const asked = { count: 0 };
    const url = await second.start({ limits: PATIENT, prepare: largeAnswers(asked) });
    const connection = (await connect(url)).stopReading().send(request("GET", "/large").repeat(2000));
    await until(async () => (await second.connections()) === 0);
    connection.close();
    expect(asked.count).to.equal(16);
    expect(second.log.filter(({ msg }) => String(msg).startsWith("a connection was cut"))).to.have.length(1);
    expect(second.alarms).to.deep.equal([]);
  });

  it("may send as many requests as it likes one after the other", async () => {
    const url = await second.start();
    const connection = await connect(url);
    for (let count = 1; count <= 40; count += 1) {
      connection.send(request("GET", "/healthz"));
      await until(() => connection.received.split('"status":"ok"').length === count + 1);
    }
  });
});

describe("connections", () => {
  const context = testContext();
  const second = secondServer(context);

  it("beyond the limit are closed unread and told of in the log, and those that are there go on", async () => {
    const url = await second.start({ network: { maxConnections: 2 } });
    const [first, other] = await Promise.all([RawConnection.open(url), RawConnection.open(url)]);
    await until(async () => (await second.connections()) === 2);
    const third = (await RawConnection.open(url)).send(request("GET", "/healthz"));
    await third.end();
    expect(third.received).to.equal("");
    expect(second.alarms).to.deep.equal([
      { ...second.alarms[0], level: 40, connections: 2, msg: "a connection was refused: MAX_CONNECTIONS are open" },
    ]);

    first.send(request("GET", "/healthz"));
    await until(() => first.received.includes('"status":"ok"'));
    first.close();
    other.close();
    await until(async () => (await second.connections()) === 0);
    expect((await sendRaw(url, request("GET", "/healthz")))[0]?.status).to.equal(200);
  });
});
