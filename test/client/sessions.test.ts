import { createServer } from "node:http";
import { expect } from "chai";
import { AuthClientError, type AuthClientOptions, createAuthClient } from "../../src/client/index.js";
import { listen } from "../support/listen.js";
import { rejection } from "../support/rejection.js";
import { NOW, PASSWORD, testContext } from "../support/test-context.js";
import { forget, loggedIn, newClient } from "./lab/new-client.js";

type Row = [name: string, options: Partial<AuthClientOptions>, environment: Record<string, string>];

const LONG_RUNNING: Row[] = [
  ["tRPC", {}, {}],
  ["GraphQL", { api: "graphql" }, {}],
  ["GraphQL by the contract of strawberry-django-extras", { api: "strawberry" }, { JWT_MUTATIONS: "strawberry" }],
];

/** What a failed call of the client says. */
async function failure(promise: Promise<unknown>) {
  const error = await rejection(promise);
  if (!(error instanceof AuthClientError)) throw error;
  const { name, code, message, status } = error;
  return { name, code, message, status };
}

for (const [name, options, environment] of LONG_RUNNING) {
  describe(`the auth client over ${name}`, () => {
    const context = testContext(environment);
    const status = options.api === undefined ? 401 : 200;

    it("logs in, refreshes and logs out, and tells of each", async () => {
      const { id, username } = await context.createUser({ roles: ["editor"], email: "a@example.org" });
      const { auth, reasons } = newClient(context, options);
      expect(auth.session).to.equal(null);
      const session = await auth.login(username, PASSWORD);
      expect(session.user).to.deep.equal({
        id,
        username,
        email: "a@example.org",
        isStaff: false,
        isSuperuser: false,
        roles: ["editor"],
        permissions: [],
      });
      expect(session.payload).to.deep.include({ username, exp: NOW + 300 });
      expect(session.refreshExpiresIn).to.equal(NOW + 7 * 86_400);
      expect(auth.session).to.equal(session);

      context.clock.advance(60);
      const next = await auth.refresh();
      expect(next?.payload.exp).to.equal(NOW + 360);
      expect(next?.user).to.deep.equal(session.user);
      expect(await auth.logout()).to.deep.equal({ revoked: true });
      expect(auth.session).to.equal(null);
      expect(reasons()).to.deep.equal(["loggedIn", "refreshed", "loggedOut"]);
      expect(context.eventNames).to.deep.equal(
        "tokenIssued refreshTokenRotated tokenRefreshed refreshTokenRevoked".split(" "),
      );
    });

    it("rejects a wrong password with the server's code and message, and refreshes nothing", async () => {
      const { username } = await context.createUser();
      const { auth, traffic, reasons } = newClient(context, options);
      expect(await failure(auth.login(username, "wrong"))).to.deep.equal({
        name: "AuthClientError",
        code: "INVALID_CREDENTIALS",
        message: options.api === "strawberry" ? "Authentication failure" : "Please enter valid credentials",
        status,
      });
      expect(auth.session).to.equal(null);
      expect([traffic.sent.length, reasons()]).to.deep.equal([1, []]);
    });

    it("is still logged in as before when a second login fails", async () => {
      const { auth, user } = await loggedIn(context, options);
      const { session } = auth;
      expect((await failure(auth.login(user.username, "wrong"))).code).to.equal("INVALID_CREDENTIALS");
      expect(auth.session).to.equal(session);
    });

    it("drops a session that was revoked, and tells once why", async () => {
      const { auth, user, reasons } = await loggedIn(context, options);
      await context.changeUser(user.username, { isActive: false });
      expect(await auth.refresh()).to.equal(null);
      expect(await auth.refresh()).to.equal(null);
      expect(auth.session).to.equal(null);
      expect(reasons()).to.deep.equal(["refused: USER_DISABLED"]);
    });

    it("drops a session whose time is over", async () => {
      const { auth, reasons } = await loggedIn(context, options);
      context.clock.advance(7 * 86_400 + 1);
      expect(await auth.refresh()).to.equal(null);
      expect(reasons()).to.deep.equal(["refused: REFRESH_TOKEN_EXPIRED"]);
    });

    it("logs out here at once, and on the server when that can be reached", async () => {
      const lab = await loggedIn(context, options);
      lab.traffic.fate = () => "lost";
      const leaving = lab.auth.logout();
      expect(lab.auth.session).to.equal(null);
      const { revoked, error } = await leaving;
      expect([revoked, error?.code]).to.deep.equal([false, "NO_ANSWER"]);
      expect(lab.reasons()).to.deep.equal(["loggedOut"]);
      forget(lab);
      expect(await lab.auth.logout()).to.deep.equal({ revoked: false });
      expect([lab.traffic.sent, lab.reasons()]).to.deep.equal([[], []]);
    });

    it("takes a session that is over on the server already for ended", async () => {
      const { auth, reasons } = await loggedIn(context, options);
      const headers = { "content-type": "application/json" };
      const ended = await auth.fetch(`${context.url}/trpc/auth.revokeAllSessions`, {
        method: "POST",
        headers,
        body: "{}",
      });
      expect(await ended.json()).to.deep.equal({ result: { data: { count: 1 } } });
      expect(await auth.logout()).to.deep.equal({ revoked: true });
      expect(reasons()).to.deep.equal(["loggedOut"]);
    });
  });
}

const SINGLE_TOKEN: Row[] = [
  ["tRPC", {}, {}],
  ["GraphQL", { api: "graphql", singleToken: true }, {}],
  ["GraphQL by the contract of strawberry-django-extras", { api: "strawberry" }, { JWT_MUTATIONS: "strawberry" }],
];

for (const [name, options, environment] of SINGLE_TOKEN) {
  describe(`the auth client in single-token mode, over ${name}`, () => {
    const context = testContext({
      JWT_LONG_RUNNING_REFRESH_TOKEN: "false",
      JWT_VERIFY_SESSION: "false",
      ...environment,
    });

    it("exchanges the access token each time before it expires, though the tokens tell of the login only", async () => {
      const { auth, traffic, reasons } = await loggedIn(context, options);
      for (const refreshes of [1, 2, 3]) {
        context.clock.advance(280);
        await Promise.all([auth.connectionParams(), auth.connectionParams()]);
        await auth.connectionParams();
        expect(traffic.refreshes).to.equal(refreshes);
      }
      expect(auth.session?.payload).to.deep.include({ origIat: NOW, exp: NOW + 3 * 280 + 300 });
      expect(reasons()).to.deep.equal(["refreshed", "refreshed", "refreshed"]);
    });

    it("drops a session that was left alone for too long", async () => {
      const { auth, reasons } = await loggedIn(context, options);
      context.clock.advance(301);
      expect(await auth.connectionParams()).to.deep.equal({});
      expect(reasons()).to.deep.equal(["refused: TOKEN_EXPIRED"]);
    });

    it("has nothing to revoke", async () => {
      const { auth, traffic } = await loggedIn(context, options);
      expect(await auth.logout()).to.deep.equal({ revoked: false });
      expect(traffic.sent).to.deep.equal([]);
    });
  });
}

describe("the auth client", () => {
  const context = testContext();

  it("adopts the session that a changed password opens", async () => {
    const { auth, traffic, user, reasons } = await loggedIn(context);
    const response = await auth.fetch(`${context.url}/trpc/auth.setPassword`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ currentPassword: PASSWORD, newPassword: "another-Passw0rd" }),
    });
    const { result } = (await response.json()) as { result: { data: Parameters<typeof auth.adopt>[0] } };
    expect(auth.adopt(result.data).user?.username).to.equal(user.username);
    expect(await (await auth.fetch(`${context.url}/trpc/auth.me`)).json()).to.have.nested.property("result.data.id");
    expect(traffic.refreshes).to.equal(0);
    expect(reasons()).to.deep.equal(["loggedIn"]);
  });

  it("says what is odd about an answer that is none of an auth server", async () => {
    const { auth, traffic } = newClient(context);
    for (const [body, status] of [
      ["<h1>Bad Gateway</h1>", 502],
      ["null", 200],
      ['{"a":1}', 200],
      ['{"result":{"data":{"payload":{}}}}', 200],
    ] as const) {
      traffic.fate = () => new Response(body, { status });
      const { code, message, status: told } = await failure(auth.login("a", "b"));
      expect([code, told]).to.deep.equal(["UNEXPECTED_ANSWER", status]);
      expect(message)
        .to.match(/^This is no answer of an auth server/)
        .and.not.include("<h1>");
      expect(auth.session).to.equal(null);
    }
  });

  it("follows no redirect with a password", async () => {
    const asked: string[] = [];
    const server = await listen(
      createServer((request, response) => {
        asked.push(request.url ?? "");
        response.writeHead(307, { location: "/elsewhere" }).end();
      }),
    );
    try {
      const auth = createAuthClient({ url: `${server.url}/trpc` });
      expect((await failure(auth.login("a", "b"))).code).to.equal("NO_ANSWER");
      expect(asked).to.deep.equal(["/trpc/auth.tokenAuth"]);
    } finally {
      await server.close();
    }
  });

  it("refuses options that contradict each other, and a URL that is none", () => {
    expect(() => createAuthClient({ url: "http://a.example/graphql", api: "strawberry", cookies: true })).to.throw(
      TypeError,
      'api "strawberry" has no operations by cookie: use "trpc" for them',
    );
    expect(() => createAuthClient({ url: "/trpc" })).to.throw(TypeError, "Invalid URL");
  });

  it("keeps a listener's mistake from the others and from the request", async () => {
    const uncaught: unknown[] = [];
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", (error) => uncaught.push(error));
    try {
      const { auth } = await loggedIn(context);
      const mistake = new Error("a mistake of the listener");
      const told: string[] = [];
      auth.subscribe(() => {
        throw mistake;
      });
      const stop = auth.subscribe(({ reason }) => told.push(reason));
      expect(await auth.refresh()).to.not.equal(null);
      stop();
      await auth.refresh();
      expect(told).to.deep.equal(["refreshed"]);
      expect(uncaught).to.deep.equal([mistake, mistake]);
    } finally {
      process.removeAllListeners("uncaughtException");
      for (const listener of others) process.on("uncaughtException", listener);
    }
  });
});
