import { createServer, type IncomingHttpHeaders } from "node:http";
import { expect } from "chai";
import { createAuthClient, memoryStore } from "../../src/client/index.js";
import { listen } from "../support/listen.js";
import { rejection } from "../support/rejection.js";
import { NOW, PASSWORD, testContext } from "../support/test-context.js";
import { loggedIn, newClient } from "./lab/new-client.js";
import { isRefresh } from "./lab/traffic.js";

const JSON_TYPE = { "content-type": "application/json" };

describe("fetch of the auth client", () => {
  const context = testContext();
  const url = (procedure: string) => `${context.url}/trpc/${procedure}`;
  const graphql = (query: string) => ({ method: "POST", headers: JSON_TYPE, body: JSON.stringify({ query }) });

  /** Makes the server refuse the tokens that it has issued so far, without a look at the clock. */
  function spoil(store: ReturnType<typeof memoryStore>, token = "spoilt.by.the-test"): void {
    const stored = store.get();
    if (stored) store.set({ ...stored, token });
  }

  it("adds the token to what goes to the server, and to nothing else", async () => {
    const seen: IncomingHttpHeaders[] = [];
    const other = await listen(
      createServer((request, response) => {
        seen.push(request.headers);
        response.end("{}");
      }),
    );
    try {
      const { auth, user } = await loggedIn(context);
      const me = await auth.fetch(url("auth.me"));
      expect(await me.json()).to.have.nested.property("result.data.username", user.username);
      await auth.fetch(`${other.url}/recipes`);
      await auth.fetch(new URL(other.url));
      await auth.fetch(new Request(other.url, { headers: { accept: "text/plain" } }));
      expect(seen.map(({ authorization }) => authorization)).to.deep.equal([undefined, undefined, undefined]);
      expect(seen[2]?.accept).to.equal("text/plain");

      const sharing = await loggedIn(context, { origins: [`${other.url}/any/path`] });
      await sharing.auth.fetch(`${other.url}/recipes`, { headers: [["x-mine", "kept"]] });
      expect(seen[3]?.authorization).to.match(/^JWT eyJ/);
      expect(seen[3]?.["x-mine"]).to.equal("kept");
    } finally {
      await other.close();
    }
  });

  it("leaves a request alone that has a header of its own", async () => {
    const { auth, traffic } = await loggedIn(context);
    const response = await auth.fetch(url("auth.me"), { headers: { Authorization: "JWT garbage" } });
    expect([response.status, traffic.paths]).to.deep.equal([401, ["auth.me"]]);
    const given = await auth.fetch(new Request(url("auth.me"), { headers: { Authorization: "JWT garbage" } }));
    expect([given.status, traffic.refreshes]).to.deep.equal([401, 0]);
  });

  it("sends requests as they are while nobody is logged in", async () => {
    const { auth, traffic } = newClient(context);
    expect(await (await auth.fetch(url("auth.me"))).json()).to.deep.equal({ result: { data: null } });
    expect(traffic.sent).to.deep.equal([{ path: "auth.me", authorization: null, body: "" }]);
    expect(await auth.connectionParams()).to.deep.equal({});
  });

  describe("before the token expires", () => {
    for (const [what, hours] of [
      ["is right", 0],
      ["is a day ahead", 24],
      ["is a day behind", -24],
      ["is years behind", -90_000],
    ] as const) {
      it(`refreshes in time where the device's clock ${what}`, async () => {
        const clock = { now: () => new Date(context.clock.now().getTime() + hours * 3_600_000) };
        const { auth, traffic } = await loggedIn(context, { clock });
        context.clock.advance(269);
        await auth.fetch(url("auth.me"));
        expect(traffic.paths).to.deep.equal(["auth.me"]);
        context.clock.advance(1);
        await auth.fetch(url("auth.me"));
        expect(traffic.paths).to.deep.equal(["auth.me", "auth.refreshToken", "auth.me"]);
        await auth.fetch(url("auth.me"));
        expect(traffic.refreshes).to.equal(1);
      });
    }

    it("gets over a clock that is set while somebody is logged in", async () => {
      let offset = 0;
      const clock = { now: () => new Date(context.clock.now().getTime() + offset) };
      const { auth, traffic } = await loggedIn(context, { clock });
      offset = 86_400_000;
      for (let i = 0; i < 3; i++) expect((await auth.fetch(url("auth.me"))).status).to.equal(200);
      expect(traffic.refreshes).to.equal(1);
      offset = -86_400_000;
      context.clock.advance(301);
      for (let i = 0; i < 3; i++) expect((await auth.fetch(url("auth.me"))).status).to.equal(200);
      expect(traffic.refreshes).to.equal(2);
    });

    it("sends the token that it has where the refresh fails, and does not try again for the same request", async () => {
      const { auth, traffic, reasons } = await loggedIn(context);
      traffic.fate = (request) => (isRefresh(request) ? new Response("<p>busy", { status: 503 }) : "through");
      context.clock.advance(280);
      expect((await auth.fetch(url("auth.me"))).status).to.equal(200);
      context.clock.advance(30);
      expect((await auth.fetch(url("auth.me"))).status).to.equal(401);
      // Two attempts each: an answer that is none may have been one on its way.
      expect(traffic.paths.filter((path) => path === "auth.me")).to.have.length(2);
      expect(traffic.refreshes).to.equal(4);
      expect(reasons()).to.deep.equal(["refreshFailed: UNEXPECTED_ANSWER", "refreshFailed: UNEXPECTED_ANSWER"]);
      traffic.fate = () => "through";
      expect((await auth.fetch(url("auth.me"))).status).to.equal(200);
    });
  });

  describe("after a token was refused", () => {
    for (const [what, token, input, init] of [
      ["a GET", "garbage", () => url("auth.me"), {}],
      ["a URL object", "garbage", () => new URL(url("auth.me")), {}],
      ["a GraphQL POST", "garbage", () => `${context.url}/graphql`, graphql("{ me { id } }")],
      ["an expired token", "expired", () => `${context.url}/graphql`, graphql("{ me { id } }")],
      ["a Request", "garbage", () => new Request(url("auth.me")), {}],
      ["a Request with a body", "garbage", () => new Request(`${context.url}/graphql`, graphql("{ me { id } }")), {}],
      [
        "bytes",
        "garbage",
        () => `${context.url}/graphql`,
        { ...graphql(""), body: Buffer.from('{"query":"{me{id}}"}') },
      ],
    ] as const) {
      it(`refreshes and sends the same once more: ${what}`, async () => {
        const store = memoryStore();
        const { auth, traffic, user, reasons } = await loggedIn(context, { store });
        const expired = context.token(
          { username: user.username, exp: NOW - 1 },
          { header: { alg: "HS256", typ: "at+jwt" } },
        );
        spoil(store, token === "expired" ? expired : token);
        const response = await auth.fetch(input(), init);
        expect(response.status).to.equal(200);
        expect(await response.text()).to.include(`"${user.id}"`);
        const [first, , last] = traffic.sent;
        expect(traffic.sent).to.have.length(3);
        expect(traffic.refreshes).to.equal(1);
        expect(last?.authorization).to.not.equal(first?.authorization);
        expect([last?.path, last?.body]).to.deep.equal([first?.path, first?.body]);
        expect(reasons()).to.deep.equal(["refreshed"]);
      });
    }

    it("finds out without the header that another origin does not show", async () => {
      const store = memoryStore();
      const { auth, traffic } = await loggedIn(context, { store });
      for (const [target, init] of [
        [url("auth.me"), {}],
        [`${context.url}/graphql`, graphql("{ me { id } }")],
      ] as const) {
        spoil(store);
        traffic.fate = async ({ path, authorization }) => {
          if (!authorization?.includes("spoilt")) return "through";
          const { body, status } = await fetch(target, { ...init, headers: { ...JSON_TYPE, authorization } });
          return new Response(body, { status, headers: path === "none" ? {} : JSON_TYPE });
        };
        expect((await auth.fetch(target, init)).status).to.equal(200);
      }
      expect(traffic.refreshes).to.equal(2);
    });

    it("refreshes, but does not repeat a body that can be read only once", async () => {
      const store = memoryStore();
      const { auth, traffic } = await loggedIn(context, { store });
      spoil(store);
      const stream = new Blob(['{"query":"{ me { id } }"}']).stream();
      const init = { method: "POST", headers: JSON_TYPE, body: stream, duplex: "half" } as RequestInit;
      expect((await auth.fetch(`${context.url}/graphql`, init)).status).to.equal(401);
      expect(traffic.paths).to.deep.equal(["graphql", "auth.refreshToken"]);
      expect((await auth.fetch(url("auth.me"))).status).to.equal(200);
      expect(traffic.refreshes).to.equal(1);
    });

    it("gives the answer on where the server refuses the new token too", async () => {
      const { auth, traffic } = await loggedIn(context);
      const refused = () =>
        new Response("no", { status: 401, headers: { "www-authenticate": 'JWT error="invalid_token"' } });
      traffic.fate = (request) => (isRefresh(request) ? "through" : refused());
      const response = await auth.fetch(url("auth.me"));
      expect([response.status, await response.text()]).to.deep.equal([401, "no"]);
      expect(traffic.paths).to.deep.equal(["auth.me", "auth.refreshToken", "auth.me"]);
    });

    it("gives the answer on where the session is over, and sends nothing as nobody", async () => {
      const { auth, traffic, user, reasons } = await loggedIn(context);
      await context.changeUser(user.username, { tokensValidAfter: new Date("2025-01-01") });
      const response = await auth.fetch(url("auth.me"));
      expect(await response.json()).to.have.nested.property("error.data.errorCode", "INVALID_TOKEN");
      expect(traffic.paths).to.deep.equal(["auth.me", "auth.refreshToken"]);
      expect(reasons()).to.deep.equal(["refused: INVALID_REFRESH_TOKEN"]);
      expect(auth.session).to.equal(null);
    });
  });

  describe("does not refresh", () => {
    for (const [what, procedure, input, code] of [
      ["for wrong credentials", "auth.tokenAuth", { username: "nobody", password: PASSWORD }, "INVALID_CREDENTIALS"],
      ["for a token that is an argument", "auth.verifyToken", { token: "garbage" }, "INVALID_TOKEN"],
      ["for a refresh token that is one", "auth.revokeToken", { refreshToken: "garbage" }, "INVALID_REFRESH_TOKEN"],
    ] as const) {
      it(what, async () => {
        const { auth, traffic, reasons } = await loggedIn(context);
        const response = await auth.fetch(url(procedure), {
          method: "POST",
          headers: JSON_TYPE,
          body: JSON.stringify(input),
        });
        expect(response.status).to.equal(401);
        expect(await response.json()).to.have.nested.property("error.data.errorCode", code);
        expect([traffic.sent.length, reasons()]).to.deep.equal([1, []]);
      });
    }

    it("for a rule that denies", async () => {
      const { auth, traffic } = await loggedIn(context);
      const sessions = `${url("auth.sessions")}?input=${encodeURIComponent('{"user":"somebody-else"}')}`;
      expect((await auth.fetch(sessions)).status).to.equal(403);
      traffic.fate = () =>
        Response.json({ error: { data: { errorCode: "UNAUTHENTICATED", httpStatus: 401 } } }, { status: 401 });
      expect((await auth.fetch(url("auth.me"))).status).to.equal(401);
      traffic.fate = () =>
        Response.json({ errors: [{ message: "", extensions: { code: "UNAUTHENTICATED" } }] }, { status: 401 });
      expect((await auth.fetch(`${context.url}/graphql`)).status).to.equal(401);
      traffic.fate = () => new Response("<h1>Who are you?</h1>", { status: 401 });
      expect((await auth.fetch(url("auth.me"))).status).to.equal(401);
      expect(traffic.refreshes).to.equal(0);
    });
  });

  describe("given a signal", () => {
    it("stops waiting for the refresh, which goes on for the others", async () => {
      const { auth, traffic, reasons } = await loggedIn(context);
      context.clock.advance(280);
      let open = () => {};
      const gate = new Promise<void>((resolve) => (open = resolve));
      traffic.fate = async (request) => {
        if (isRefresh(request)) await gate;
        return "through" as const;
      };
      const controller = new AbortController();
      const aborted = auth.fetch(url("auth.me"), { signal: controller.signal });
      const request = new Request(url("auth.me"), { signal: controller.signal });
      const abortedToo = auth.fetch(request);
      const other = auth.fetch(url("auth.me"));
      const reason = new Error("the page was left");
      controller.abort(reason);
      expect(await rejection(aborted)).to.equal(reason);
      expect(await rejection(abortedToo)).to.equal(reason);
      open();
      expect((await other).status).to.equal(200);
      expect(traffic.paths).to.deep.equal(["auth.refreshToken", "auth.me"]);
      expect(reasons()).to.deep.equal(["refreshed"]);
    });

    it("that has been aborted before sends nothing", async () => {
      const { auth, traffic } = await loggedIn(context);
      const reason = new Error("too late");
      expect(await rejection(auth.fetch(url("auth.me"), { signal: AbortSignal.abort(reason) }))).to.equal(reason);
      expect(traffic.sent).to.deep.equal([]);
    });
  });

  it("follows no redirect with a token in a header of its own, which would go along to any origin", async () => {
    const { username } = await context.createUser();
    const seen: (string | undefined)[] = [];
    const other = await listen(
      createServer(
        ({ headers }, response) => (seen.push(headers.authorization, String(headers["x-token"])), response.end()),
      ),
    );
    const ours = await listen(
      createServer((_request, response) =>
        response.writeHead(307, { location: other.url.replace("127.0.0.1", "localhost") }).end(),
      ),
    );
    try {
      const options = { url: `${context.url}/trpc`, origins: [ours.url] };
      const own = createAuthClient({ ...options, headerName: "X-Token" });
      expect((await own.fetch(ours.url)).status).to.equal(200); // Nobody is logged in: there is nothing to keep.
      seen.length = 0;
      own.adopt(await context.loginAgain(username));
      for (const init of [{}, { redirect: "follow" as const }, { redirect: "error" as const }])
        expect(await rejection(own.fetch(ours.url, init))).to.be.instanceOf(TypeError);
      expect(await rejection(own.fetch(new Request(ours.url)))).to.be.instanceOf(TypeError);
      expect((await own.fetch(ours.url, { redirect: "manual" })).status).to.equal(307);
      expect(seen).to.deep.equal([]);

      const usual = createAuthClient(options);
      usual.adopt(await context.loginAgain(username));
      expect((await usual.fetch(ours.url)).status).to.equal(200);
      expect(seen).to.deep.equal([undefined, "undefined"]);
    } finally {
      await Promise.all([other.close(), ours.close()]);
    }
  });

  it("uses the header that the server's settings name", async () => {
    const { username } = await context.createUser();
    const seen: (string | null)[] = [];
    const auth = createAuthClient({
      url: `${context.url}/trpc`,
      headerName: "X-Token",
      headerPrefix: "Bearer",
      fetch: (input, init) => (seen.push(new Headers(init?.headers).get("x-token")), fetch(input, init)),
    });
    await auth.login(username, PASSWORD);
    await auth.fetch(url("auth.me"));
    expect(seen[1]).to.match(/^Bearer eyJ/);
    expect(await auth.connectionParams()).to.deep.equal({ "X-Token": seen[1] });
  });
});
