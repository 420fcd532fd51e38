import { createServer } from "node:https";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { WebSocket } from "ws";
import { serveSockets } from "../../src/index.js";
import { isAllowedOrigin } from "../../src/sockets/origin.js";
import { appRouter } from "../../src/trpc/auth-router.js";
import { answerTo, HANDSHAKE, OPENED } from "../support/raw-handshake.js";
import { request } from "../support/raw-http.js";
import { errorOf } from "../support/refusals.js";
import { testContext } from "../support/test-context.js";

describe("isAllowedOrigin", () => {
  const isAllowed = (origin: string | undefined, host: string | undefined, isSecure?: boolean) =>
    isAllowedOrigin({ headers: { origin, host }, isSecure }, (listed) => listed === "https://app.example.com");

  for (const [origin, host, expected] of [
    [undefined, "janus.example.com", true],
    ["https://janus.example.com", "janus.example.com", true],
    ["https://janus.example.com", "janus.example.com:443", true],
    ["http://janus.example.com:4000", "janus.example.com:4000", true],
    ["https://JANUS.example.com", "janus.example.com", true],
    ["http://[::1]:4000", "[::1]:4000", true],
    ["https://app.example.com", "janus.example.com", true],
    ["https://app.example.com.evil.example", "janus.example.com", false],
    ["https://janus.example.com.evil.example", "janus.example.com", false],
    ["https://evil.example", "janus.example.com", false],
    ["https://janus.example.com:8443", "janus.example.com", false],
    ["http://janus.example.com", "janus.example.com:443", false],
    ["null", "janus.example.com", false],
    ["null", "null", false],
    ["file://", "janus.example.com", false],
    ["", "janus.example.com", false],
    ["https://janus.example.com", undefined, false],
    ["https://janus.example.com", "", false],
    ["https://janus.example.com", "@janus.example.com", true],
  ] as const) {
    it(`${expected ? "allows" : "refuses"} ${JSON.stringify(origin)} at ${JSON.stringify(host)}`, () => {
      expect(isAllowed(origin, host)).to.equal(expected);
    });
  }

  for (const [origin, expected] of [
    [undefined, true],
    ["https://janus.example.com", true],
    ["https://app.example.com", true],
    ["http://janus.example.com", false],
    ["capacitor://janus.example.com", false],
    ["null", false],
  ] as const) {
    it(`${expected ? "allows" : "refuses"} ${JSON.stringify(origin)} where the request came over TLS`, () => {
      expect(isAllowed(origin, "janus.example.com", true)).to.equal(expected);
    });
  }
});

describe("a WebSocket for a page of the same host", () => {
  const context = testContext({ JWT_COOKIES: "true", TRUST_PROXY: "127.0.0.1" });

  async function open(path: string, scheme: string, headers: Readonly<Record<string, string>>) {
    const sent = { ...HANDSHAKE, Origin: `${scheme}://janus.test`, ...headers };
    const answer = await answerTo(context.url, request("GET", path, sent));
    const hsts = answer.headers["strict-transport-security"];
    return answer.status === OPENED ? "opened" : { status: answer.status, ...errorOf(answer), hsts };
  }

  for (const path of ["/graphql", "/trpc"]) {
    it(`has to be of its scheme at ${path}, where a proxy that is believed says which that is`, async () => {
      const behindTls = { "X-Forwarded-Proto": "https" };
      expect(await open(path, "http", behindTls)).to.deep.equal({
        status: 403,
        code: "FORBIDDEN",
        message: "Pages of this origin may not open a WebSocket here",
        hsts: "max-age=31536000; includeSubDomains",
      });
      expect(context.server.application.auth.connections.size).to.equal(0);
      expect(await open(path, "https", behindTls)).to.equal("opened");
    });

    it(`may be of either at ${path}, where nobody says it`, async () => {
      expect(await open(path, "http", {})).to.equal("opened");
      expect(await open(path, "https", {})).to.equal("opened");
      expect(await open(path, "http", { "X-Forwarded-Proto": "http" })).to.equal("opened");
    });
  }

  it("has to be of https: on a host application's own server with TLS", async () => {
    // Keys that both know stand in for a certificate.
    const psk = Buffer.from("known to both");
    const tls = { ciphers: "PSK", maxVersion: "TLSv1.2" } as const;
    const server = createServer({ ...tls, pskCallback: () => psk });
    const sockets = serveSockets(server, {
      auth: context.server.application.auth,
      trpc: { router: appRouter },
      onServerError(error) {
        throw error;
      },
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const outcomeOf = async (origin: string): Promise<unknown> => {
      const socket = new WebSocket(`wss://${host}/trpc`, {
        ...tls,
        pskCallback: () => ({ psk, identity: "test" }),
        checkServerIdentity: () => undefined,
        origin,
      } as object);
      const refused = once(socket, "unexpected-response").then(([, { statusCode }]) => statusCode as number);
      const outcome = await Promise.race([refused, once(socket, "open").then(() => "opened")]);
      socket.on("error", () => undefined).terminate();
      return outcome;
    };
    try {
      expect(await outcomeOf(`http://${host}`)).to.equal(403);
      expect(await outcomeOf(`https://${host}`)).to.equal("opened");
    } finally {
      server.closeAllConnections();
      server.close();
      await sockets.close();
    }
  });
});
