import { createServer } from "node:http";
import { expect } from "chai";
import { type RequestInfo, serveSockets } from "../../src/index.js";
import { appRouter } from "../../src/trpc/auth-router.js";
import { listen } from "../support/listen.js";
import { answerTo, HANDSHAKE, OPENED } from "../support/raw-handshake.js";
import { type RawAnswer, request } from "../support/raw-http.js";
import { errorOf } from "../support/refusals.js";
import { secondServer } from "../support/second-server.js";
import { SECURITY_HEADERS } from "../support/security-headers.js";
import { testContext } from "../support/test-context.js";

const CLIENT = "203.0.113.9";
const MADE_UP = "198.51.100.7";

/** What a proxy sends on from a client that makes up its address, so many headers in all; what it adds itself comes last. */
function handshake(path: string, count: number): string {
  const ofClient = { ...HANDSHAKE, "X-Forwarded-For": MADE_UP };
  const fillers = Array.from({ length: count - Object.keys(ofClient).length - 2 }, (_, index) => [`a${index}`, ""]);
  const bytes = request("GET", path, { ...ofClient, ...Object.fromEntries(fillers) });
  return bytes.replace("\r\n\r\n", `\r\nX-Forwarded-For: ${CLIENT}\r\n\r\n`);
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const TOO_MANY = { status: 431, code: "REQUEST_HEADER_FIELDS_TOO_LARGE", message: "The request headers are too large" };
const TOO_LONG = { status: 414, code: "URI_TOO_LONG", message: "The URL is too long" };
const FAILED = { status: 500, code: "INTERNAL_SERVER_ERROR", message: "Internal server error" };
const MALFORMED = { status: 400, code: "BAD_REQUEST", message: "The request is malformed" };

/** How many headers our server lets Node keep. */
const KEPT = 101;

/** What is logged of a refusal: of a request, or before there is one. */
const REFUSALS: ReadonlySet<unknown> = new Set(["a socket was refused", "a connection was refused"]);

/** What Node itself answers to too many headers. */
const BY_NODE: RawAnswer = { status: 431, headers: { connection: "close" }, body: "" };

/** Whether Node refuses more headers than it keeps, as from 22.23.2, 24.18.1 and 26.5.1 on: before, it left some out. */
const nodeRefuses = await (async () => {
  const server = createServer((_request, response) => response.end());
  server.maxHeadersCount = 1;
  const host = await listen(server);
  try {
    return (await fetch(host.url)).status === TOO_MANY.status;
  } finally {
    await host.close();
  }
})();

/** Checks that no WebSocket is opened, and how that is said. */
async function expectRefusal(url: string, bytes: string, refusal: Refusal): Promise<RawAnswer> {
  const answer = await answerTo(url, bytes);
  expect(answer.status).to.equal(refusal.status);
  expect({ status: answer.status, ...errorOf(answer) }).to.deep.equal(refusal);
  expect(answer.headers).to.include({ connection: "close" });
  return answer;
}

describe("the head of a request that opens a WebSocket", () => {
  const context = testContext();
  const second = secondServer(context);
  /** Whom the server has looked at. */
  const seen: RequestInfo[] = [];

  beforeEach(() => void (seen.length = 0));

  function start(): Promise<string> {
    const { auth } = context.server.application;
    const watched: typeof auth = {
      ...auth,
      context(info, user) {
        seen.push(info);
        return auth.context(info, user);
      },
    };
    return second.start({ auth: watched, network: { trustedProxies: ["127.0.0.1"] } });
  }

  for (const path of ["/graphql", "/trpc"]) {
    describe(`at ${path}`, () => {
      const handshakeWith = (headers: Readonly<Record<string, string>>) =>
        request("GET", path, { ...HANDSHAKE, ...headers });

      it("may have as many headers as that of any other, and what a proxy has added is read", async () => {
        expect((await answerTo(await start(), handshake(path, 100))).status).to.equal(OPENED);
        expect(seen.map(({ address }) => address)).to.deep.equal([CLIENT]);
      });

      for (const count of [101, 102, 300, 1500]) {
        it(`may not have ${count}: Node may leave some out, and the address would be the client's to say`, async () => {
          const url = await start();
          const { headers } = await expectRefusal(url, handshake(path, count), TOO_MANY);
          expect(headers).to.include(SECURITY_HEADERS);
          expect(seen).to.deep.equal([]);
          const refused = count > KEPT && nodeRefuses ? "a connection was refused" : "a socket was refused";
          expect(second.log.map(({ msg }) => msg).filter((msg) => REFUSALS.has(msg))).to.deep.equal([refused]);
          expect(second.alarms).to.deep.equal([]);
        });
      }

      for (const [what, bytes] of [
        ["no Host", handshakeWith({}).replace("Host: janus.test\r\n", "")],
        ["two Hosts", handshakeWith({ host: "other.test" })],
        ["an empty Host", handshakeWith({ Host: "" })],
        ["a Host with a path", handshakeWith({ Host: "a/b" })],
        ["a Host with a user", handshakeWith({ Host: "a@b" })],
        ["a Host beyond ASCII", handshakeWith({ Host: "b\u00fccher.example" })],
      ] as const) {
        it(`may not have ${what}`, async () => {
          await expectRefusal(await start(), bytes, MALFORMED);
          expect(seen).to.deep.equal([]);
        });
      }

      it("may have a URL as long as the limit, and no longer", async () => {
        const url = await start();
        const withUrl = (length: number) => request("GET", `${path}?`.padEnd(length, "a"), HANDSHAKE);
        await expectRefusal(url, withUrl(8193), TOO_LONG);
        expect(seen).to.deep.equal([]);
        expect((await answerTo(url, withUrl(8192))).status).to.equal(OPENED);
      });
    });
  }
});

describe("the head of a request that opens a WebSocket of a host application", () => {
  const context = testContext();

  /** What the host was asked to look at. */
  const forwarded: unknown[] = [];

  beforeEach(() => void (forwarded.length = 0));

  /** Serves them on a server that keeps so many headers, as long as `use` takes. */
  async function withHost(maxHeadersCount: number | null, use: (url: string) => Promise<void>): Promise<void> {
    const server = createServer((_request, response) => response.writeHead(404).end());
    server.maxHeadersCount = maxHeadersCount;
    const sockets = serveSockets(server, {
      auth: context.server.application.auth,
      trpc: { router: appRouter },
      requestInfo({ url, headers }) {
        forwarded.push(headers["x-forwarded-for"]);
        return { url, headers };
      },
      onServerError(error) {
        throw error;
      },
    });
    const host = await listen(server);
    try {
      await use(host.url);
    } finally {
      await host.close();
      await sockets.close();
    }
  }

  it("is answered where the host's own look at it fails", async () => {
    const server = createServer((_request, response) => response.writeHead(404).end());
    const mistake = new Error("no such header");
    const told: unknown[] = [];
    const sockets = serveSockets(server, {
      auth: context.server.application.auth,
      trpc: { router: appRouter },
      requestInfo() {
        throw mistake;
      },
      onServerError: (error) => void told.push(error),
    });
    const host = await listen(server);
    try {
      await expectRefusal(host.url, handshake("/trpc", 10), FAILED);
      expect(told).to.deep.equal([mistake]);
      expect(sockets.size).to.equal(0);
    } finally {
      await host.close();
      await sockets.close();
    }
  });

  const expectOpened = async (url: string, count: number) => {
    expect((await answerTo(url, handshake("/trpc", count))).status).to.equal(OPENED);
    expect(forwarded).to.deep.equal([`${MADE_UP}, ${CLIENT}`]);
  };

  for (const [what, kept, most] of [
    ["as many as Node does by default", null, 999],
    ["fifty", 50, 49],
  ] as const) {
    it(`has to have fewer headers than the server keeps: ${what}`, () =>
      withHost(kept, async (url) => {
        await expectRefusal(url, handshake("/trpc", most + 1), TOO_MANY);
        for (const count of [most + 2, most + 200, 3000]) {
          if (nodeRefuses) expect(await answerTo(url, handshake("/trpc", count))).to.deep.equal(BY_NODE);
          else await expectRefusal(url, handshake("/trpc", count), TOO_MANY);
        }
        expect(forwarded).to.deep.equal([]);
        await expectOpened(url, most);
      }));
  }

  it("may have any number where the server keeps them all", () => withHost(0, (url) => expectOpened(url, 2000)));

  it("has to have a Host, which Node asks of other requests alone", () =>
    withHost(null, async (url) => {
      await expectRefusal(url, handshake("/trpc", 10).replace("Host: janus.test\r\n", ""), MALFORMED);
      expect(forwarded).to.deep.equal([]);
    }));
});
