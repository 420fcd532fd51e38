import { expect } from "chai";
import { ServiceUnavailableError } from "../../src/errors.js";
import { postRequest, type RawAnswer, request, sendRaw } from "../support/raw-http.js";
import { secondServer } from "../support/second-server.js";
import { PASSWORD, testContext } from "../support/test-context.js";

const APP = "https://app.example.com";
const OTHER = "http://localhost:5173";
const LISTED = { CORS_ORIGINS: `${APP}, ${OTHER}` };
const LOGIN = '{"username":"nobody","password":"wrong"}';

/** The CORS headers of an answer. */
function corsHeaders({ headers }: RawAnswer): Record<string, string> {
  const entries = Object.entries(headers).filter(([name]) => name.startsWith("access-control-"));
  return Object.fromEntries(entries);
}

async function ask(url: string, bytes: string): Promise<RawAnswer> {
  const [answer] = await sendRaw(url, bytes);
  if (!answer) throw new Error("no answer");
  return answer;
}

function preflight(path: string, origin: string, headers: Readonly<Record<string, string>> = {}): string {
  return request("OPTIONS", path, { Origin: origin, "Access-Control-Request-Method": "POST", ...headers });
}

const READABLE = {
  "access-control-allow-origin": APP,
  "access-control-expose-headers": "retry-after, www-authenticate, x-request-id",
};

describe("a page of a listed origin", () => {
  const context = testContext(LISTED);
  const second = secondServer(context);

  const answers: Readonly<Record<string, readonly [status: number, method: string, path: string, body?: string]>> = {
    "data from GraphQL": [200, "POST", "/graphql", '{"query":"{__typename}"}'],
    "data from tRPC": [200, "GET", "/trpc/auth.me"],
    "a batch from tRPC": [200, "GET", "/trpc/auth.me,auth.me?batch=1"],
    "a failed login": [401, "POST", "/trpc/auth.tokenAuth", LOGIN],
    "a syntax error": [400, "POST", "/graphql", '{"query":"{"}'],
    "no such procedure": [404, "GET", "/trpc/x"],
    "no such page": [404, "GET", "/nothing"],
    "a URL that is too long": [414, "GET", `/${"a".repeat(9000)}`],
    "a body that is too large": [413, "POST", "/graphql", " ".repeat(70_000)],
  };
  for (const [what, [status, method, path, body]] of Object.entries(answers)) {
    it(`can read ${what}`, async () => {
      const headers = { Origin: APP };
      const bytes = body === undefined ? request(method, path, headers) : postRequest(path, body, headers);
      const answer = await ask(context.url, bytes);
      expect(answer.status).to.equal(status);
      expect(corsHeaders(answer)).to.deep.equal(READABLE);
      expect(answer.headers["vary"]?.toLowerCase().split(/, */)).to.include("origin");
    });
  }

  it("can read a streamed batch, which caches tell apart by origin and by what tRPC names", async () => {
    const headers = { Origin: APP, "trpc-accept": "application/jsonl" };
    const answer = await ask(context.url, request("GET", "/trpc/auth.me,auth.me?batch=1", headers));
    expect(corsHeaders(answer)).to.deep.equal(READABLE);
    expect(answer.headers["vary"]).to.equal("trpc-accept, accept, Origin");
  });

  it("can read that its token is bad, at both faces", async () => {
    for (const path of ["/graphql", "/trpc/auth.me"]) {
      const answer = await ask(context.url, request("GET", path, { Origin: APP, Authorization: "JWT x" }));
      expect(answer.status).to.equal(401);
      expect(corsHeaders(answer)).to.deep.equal(READABLE);
    }
  });

  it("can read that the service is unavailable, and when to try again", async () => {
    const { auth } = context.server.application;
    const away = {
      ...auth,
      context: async () => {
        throw new ServiceUnavailableError();
      },
    };
    const url = await second.start({ auth: away, network: { corsOrigins: [APP] } });
    for (const path of ["/graphql", "/trpc/auth.me"]) {
      const answer = await ask(url, request("GET", path, { Origin: APP }));
      expect(answer).to.deep.include({ status: 503 });
      expect(answer.headers["retry-after"]).to.equal("1");
      expect(corsHeaders(answer)).to.deep.equal(READABLE);
    }
  });

  it("is told what it may send before it sends it: without a token, without a body, for two hours", async () => {
    const headers = { "Access-Control-Request-Headers": "authorization,content-type,x-evil" };
    for (const path of ["/graphql", "/trpc/auth.tokenAuth", "/trpc/x", "/nothing"]) {
      const answer = await ask(context.url, preflight(path, APP, headers));
      expect(answer).to.include({ status: 204, body: "" });
      expect(corsHeaders(answer)).to.deep.equal({
        ...READABLE,
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers":
          "authorization, content-type, x-csrftoken, trpc-accept, graphql-preflight, apollo-require-preflight, " +
          "graphql-require-preflight, x-requested-with",
        "access-control-max-age": "7200",
      });
    }
  });

  it("is told so even with a bad token: a preflight is not authenticated", async () => {
    const answer = await ask(context.url, preflight("/graphql", APP, { Authorization: "JWT x" }));
    expect(answer.status).to.equal(204);
  });

  it("is the one that asked: another listed one gets its own name", async () => {
    const answer = await ask(context.url, request("GET", "/healthz", { Origin: OTHER }));
    expect(corsHeaders(answer)).to.include({ "access-control-allow-origin": OTHER });
  });
});

describe("a page of a foreign origin", () => {
  const context = testContext(LISTED);

  const foreign = [
    "https://evil.example",
    "https://app.example.com.evil.example",
    "https://evil-app.example.com",
    "https://app.example.community",
    "https://sub.app.example.com",
    "https://appxexample.com",
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://app.example.com:443",
    "https://app.example.com/",
    "https://APP.example.com",
    "https://user@app.example.com",
    "http://localhost",
    "http://localhost:51730",
    "http://127.0.0.1:5173",
    "null",
    "",
    "*",
    `${APP} ${OTHER}`,
    `${APP}, ${OTHER}`,
    "https://app.example.com%00.evil.example",
    "https://app.example.com\x80",
  ];
  for (const origin of foreign) {
    it(`gets no CORS header, and no preflight: ${JSON.stringify(origin)}`, async () => {
      for (const [path, status] of [
        ["/graphql?query={__typename}", 200],
        ["/trpc/auth.me", 200],
        ["/nothing", 404],
      ] as const) {
        const answer = await ask(context.url, request("GET", path, { Origin: origin }));
        expect(answer.status).to.equal(status);
        expect(corsHeaders(answer)).to.deep.equal({});
        expect(answer.headers["vary"]?.toLowerCase()).to.include("origin");
        const preflighted = await ask(context.url, preflight(path, origin));
        expect(preflighted.status).to.be.oneOf([404, 405]);
        expect(corsHeaders(preflighted)).to.deep.equal({});
      }
    });
  }

  it("gets none for a second Origin header", async () => {
    const answer = await ask(context.url, request("GET", "/healthz", { Origin: "https://evil.example", origin: APP }));
    expect(corsHeaders(answer)).to.deep.equal({});
  });

  it("is no client without an origin: that is served as ever", async () => {
    const answer = await ask(context.url, request("GET", "/healthz"));
    expect(answer.status).to.equal(200);
    expect(corsHeaders(answer)).to.deep.equal({});
  });
});

describe("a page with cookies", () => {
  const context = testContext({ ...LISTED, JWT_COOKIES: "true" });

  it("of a listed origin may send them, and only to its own name", async () => {
    const { username } = await context.createUser();
    const body = JSON.stringify({ username, password: PASSWORD });
    const answer = await ask(context.url, postRequest("/trpc/auth.tokenAuth", body, { Origin: APP }));
    expect(answer.headers).to.have.property("set-cookie");
    expect(corsHeaders(answer)).to.deep.equal({ ...READABLE, "access-control-allow-credentials": "true" });
    expect(answer.headers["vary"]?.toLowerCase().split(/, */)).to.include("origin");
    const foreign = await ask(context.url, preflight("/graphql", "https://evil.example"));
    expect(corsHeaders(foreign)).to.deep.equal({});
  });
});

describe("with CORS_ORIGINS=* and a header of its own", () => {
  const context = testContext({ CORS_ORIGINS: "*", JWT_AUTH_HEADER_NAME: "X-Token" });

  it("every page can read answers, none sends credentials of the browser, and the header is allowed", async () => {
    const answer = await ask(context.url, preflight("/graphql", "https://anybody.example"));
    expect(answer.status).to.equal(204);
    expect(corsHeaders(answer)).to.include({ "access-control-allow-origin": "*" });
    expect(corsHeaders(answer)).not.to.have.property("access-control-allow-credentials");
    expect(answer.headers["access-control-allow-headers"]).to.match(/^x-token, content-type, /);
  });
});
