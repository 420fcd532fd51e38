import { expect } from "chai";
import { postRequest, request, sendRaw } from "../support/raw-http.js";
import { secondServer } from "../support/second-server.js";
import { SECURITY_HEADERS, TELLTALES } from "../support/security-headers.js";
import { testContext } from "../support/test-context.js";

const HSTS = "strict-transport-security";

describe("the headers of an answer", () => {
  const context = testContext();
  const second = secondServer(context);

  const requests: Readonly<Record<string, readonly [status: number, bytes: string]>> = {
    "data from GraphQL": [200, postRequest("/graphql", '{"query":"{__typename}"}')],
    "data from tRPC": [200, request("GET", "/trpc/auth.me")],
    "a batch from tRPC": [200, request("GET", "/trpc/auth.me,auth.me?batch=1")],
    "a streamed batch from tRPC": [
      200,
      request("GET", "/trpc/auth.me,auth.me?batch=1", { "trpc-accept": "application/jsonl" }),
    ],
    "an error of GraphQL": [400, postRequest("/graphql", '{"query":"{"}')],
    "an error of tRPC": [404, request("GET", "/trpc/x")],
    "a bad token": [401, request("GET", "/graphql", { Authorization: "JWT x" })],
    "a bad token at tRPC": [401, request("GET", "/trpc/auth.me", { Authorization: "JWT x" })],
    "no such page": [404, request("GET", "/nothing")],
    "a wrong method": [405, request("PUT", "/healthz")],
    "a preflight where CORS is off": [405, request("OPTIONS", "/graphql", { Origin: "https://app.example.com" })],
    "an address that cannot be routed": [400, request("GET", "/%zz")],
    "no HTTP": [400, "x\r\n\r\n"],
    "a head that is too large": [431, request("GET", "/healthz", { "X-A": "a".repeat(20_000) })],
    health: [200, request("GET", "/healthz")],
    readiness: [200, request("HEAD", "/readyz")],
  };
  for (const [what, [status, bytes]] of Object.entries(requests)) {
    it(`say what a browser may do with it, and not what made it: ${what}`, async () => {
      const [answer] = await sendRaw(context.url, bytes);
      expect(answer?.status).to.equal(status);
      expect(answer?.headers).to.include(SECURITY_HEADERS);
      expect(answer?.headers).not.to.have.any.keys(...TELLTALES, HSTS);
      expect(Object.keys(answer?.headers ?? {}).filter((name) => name.startsWith("access-control"))).to.deep.equal([]);
    });
  }

  it("insist on HTTPS where a proxy that is believed says that the client used it, and only there", async () => {
    const headersOf = async (url: string, scheme: string, path = "/healthz") =>
      (await sendRaw(url, request("GET", path, { "X-Forwarded-Proto": scheme })))[0]?.headers;
    const url = await second.start({ network: { trustedProxies: ["loopback"] } });
    for (const path of ["/healthz", "/trpc/auth.me", "/graphql", "/nothing"]) {
      const headers = await headersOf(url, "https", path);
      expect(headers, path).to.include({ [HSTS]: "max-age=31536000; includeSubDomains", ...SECURITY_HEADERS });
    }
    expect(await headersOf(url, "http")).not.to.have.property(HSTS);
    // The proxy's own word is the last; what stands before it came from the client.
    expect(await headersOf(url, "https, http")).not.to.have.property(HSTS);
    expect(await headersOf(context.url, "https")).not.to.have.property(HSTS);
  });

  it("can be a route's own: a page needs another policy, and public keys may be cached", async () => {
    const own = { "content-security-policy": "default-src 'self'", "cache-control": "public, max-age=300" };
    const url = await second.start({
      prepare: (server) => server.get("/page", async (_request, reply) => reply.headers(own).send("")),
    });
    const [answer] = await sendRaw(url, request("GET", "/page"));
    expect(answer?.headers).to.include({ ...SECURITY_HEADERS, ...own });
  });
});
