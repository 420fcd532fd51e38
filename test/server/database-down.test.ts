import { expect } from "chai";
import { buildAuthSchema } from "../../src/graphql/schema.js";
import { silentLogger } from "../../src/logger.js";
import { openApplication } from "../../src/server/application.js";
import { createHttpServer } from "../../src/server/http-server.js";
import { createLogger } from "../../src/server/logging.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { createDatabaseOn } from "../database/open-data-source.js";
import { onOwnDatabaseServer } from "../support/databases.js";
import { dataOf } from "../support/faces.js";
import { SECRET_KEY } from "../support/forge.js";
import { graphqlRequest, postRequest, request, sendRaw } from "../support/raw-http.js";
import { errorOf, expectNoInternals } from "../support/refusals.js";
import { type Login, PASSWORD, testContext } from "../support/test-context.js";

const UNAVAILABLE = {
  status: 503,
  retryAfter: "1",
  setCookie: undefined,
  code: "SERVICE_UNAVAILABLE",
  message: "The service is temporarily unavailable, please try again",
};

/** Everything that needs the database, for a user who has logged in. */
function requests({ username, token, refreshToken }: Login): Readonly<Record<string, string>> {
  const authorization = { Authorization: `JWT ${token}` };
  const cookie = { Cookie: `__Host-JWT=${token}`, "X-Requested-With": "a test" };
  const login = JSON.stringify({ username, password: PASSWORD });
  const batch = JSON.stringify({ 0: { refreshToken }, 1: { refreshToken } });
  return {
    "me, by GraphQL": request("GET", "/graphql?query={me{id}}", authorization),
    "me, by tRPC": request("GET", "/trpc/auth.me", authorization),
    "me, by GraphQL, with a cookie": request("GET", "/graphql?query={me{id}}", cookie),
    "me, by tRPC, with a cookie": request("GET", "/trpc/auth.me", cookie),
    "an address with nothing at it, with a token": request("GET", "/nothing", authorization),
    "tokenAuth, by GraphQL": graphqlRequest(
      `mutation{tokenAuth(username:"${username}",password:"${PASSWORD}"){token}}`,
    ),
    "tokenAuth, by tRPC": postRequest("/trpc/auth.tokenAuth", login),
    "tokenAuth of nobody": postRequest("/trpc/auth.tokenAuth", '{"username":"nobody","password":"x"}'),
    "verifyToken, by GraphQL": graphqlRequest(`mutation{verifyToken(token:"${token}"){payload}}`),
    "verifyToken, by tRPC": postRequest("/trpc/auth.verifyToken", JSON.stringify({ token })),
    "refreshToken, by GraphQL": graphqlRequest(
      `mutation{refreshToken(refreshToken:"${refreshToken}"){token refreshToken}}`,
    ),
    "refreshToken, by tRPC": postRequest("/trpc/auth.refreshToken", JSON.stringify({ refreshToken })),
    "two refreshes in a batch": postRequest("/trpc/auth.refreshToken,auth.refreshToken?batch=1", batch),
    "revokeToken, by GraphQL": graphqlRequest(`mutation{revokeToken(refreshToken:"${refreshToken}"){revoked}}`),
    "revokeToken, by tRPC": postRequest("/trpc/auth.revokeToken", JSON.stringify({ refreshToken })),
  };
}

/** Of every server here. */
const SETTINGS = { JWT_REUSE_REFRESH_TOKENS: "true", JWT_COOKIES: "true" };

onOwnDatabaseServer("a server whose database is away", (server) => {
  const context = testContext(SETTINGS, () => createDatabaseOn(server()));

  const outages = { stops: () => server().stop(), "is killed": () => server().kill() };
  for (const [outage, begin] of Object.entries(outages)) {
    it(`says so, lives, and goes on by itself, when the database ${outage}`, async function () {
      this.timeout(20_000);
      const login = await context.login();
      await begin();
      for (const [name, bytes] of Object.entries(requests(login))) await expectUnavailable(name, bytes);
      await expectAnswer(request("GET", "/healthz"), 200, { status: "ok" });
      const checks = { database: false, migrations: false, keys: true };
      await expectAnswer(request("GET", "/readyz"), 503, { status: "unavailable", checks });
      await expectAnswer(request("GET", "/graphql?query={me{id}}"), 200, { data: { me: null } });
      await expectAnswer(request("GET", "/trpc/auth.me"), 200, { result: { data: null } });

      await server().startAgain();
      await expectEverythingWorks(login);
    });
  }

  it("breaks no request but those that it has to, when the database is killed under load", async function () {
    this.timeout(20_000);
    const login = await context.login();
    const load = Array.from({ length: 100 }, async (_, i) => {
      if (i === 50) await server().kill();
      const [answer] = await sendRaw(context.url, requests(login)["me, by tRPC"] ?? "");
      return answer?.status;
    });
    const statuses = new Set(await Promise.all(load));
    expect([...statuses].filter((status) => status !== 200 && status !== 503)).to.deep.equal([]);
    expect(statuses).to.include(503);

    await server().startAgain();
    await expectEverythingWorks(login);
  });

  it("is not waited for when it hangs, and what it does when it wakes up loses no session", async function () {
    this.timeout(20_000);
    const login = await context.login();
    const { auth, config } = context.server.application;
    const environment = { DATABASE_URL: config.databaseUrl, SECRET_KEY, ...SETTINGS };
    const { hasher, clock } = context;
    const application = await openApplication({
      environment,
      logger: silentLogger,
      hasher,
      clock,
      silenceLimit: 1_000,
    });
    const http = await createHttpServer({
      ...application,
      schema: await buildAuthSchema(auth.settings),
      logger: createLogger("silent"),
    });
    try {
      const url = await http.listen({ host: "127.0.0.1", port: 0 });
      const [before] = await sendRaw(url, request("GET", "/readyz"));
      expect(before?.status).to.equal(200);
      server().freeze();
      const waiting = Object.entries(requests(login)).filter(([name]) => !name.startsWith("revokeToken"));
      await Promise.all(waiting.map(([name, bytes]) => expectUnavailable(name, bytes, url)));
      server().thaw();
      // A rotation that had been sent may have been done: then this gets what its answer would have been.
      const { refreshToken } = dataOf(await context.trpc.refreshToken({ refreshToken: login.refreshToken }));
      expect(dataOf(await context.graphql.refreshToken({ refreshToken })).refreshToken).not.to.equal(refreshToken);
      const [after] = await sendRaw(url, request("GET", "/readyz"));
      expect(after?.status).to.equal(200);
    } finally {
      server().thaw();
      await http.close();
      await application.close();
    }
  });

  async function expectUnavailable(name: string, bytes: string, url = context.url): Promise<void> {
    const [answer] = await sendRaw(url, bytes);
    if (!answer) throw new Error(`no answer to ${name}`);
    const { "retry-after": retryAfter, "set-cookie": setCookie } = answer.headers;
    const shown = { status: answer.status, retryAfter, setCookie, ...errorOf(answer) };
    expect(shown, name).to.deep.equal(UNAVAILABLE);
    expectNoInternals(answer.body);
    if (url === context.url) expectWarned(answer.headers["x-request-id"]);
  }

  function expectWarned(requestId: string | undefined): void {
    const warnings = context.log.filter(({ level, reqId }) => (level as number) >= 40 && reqId === requestId);
    expect(warnings).not.to.deep.equal([]);
    for (const warning of warnings) {
      expect(warning).to.include({ level: 40 });
      expect(warning)
        .to.have.nested.property("err.cause.code")
        .that.matches(/^(ECONN|PROTOCOL_CONNECTION_LOST)/);
    }
  }

  async function expectAnswer(bytes: string, status: number, body: object): Promise<void> {
    const [answer] = await sendRaw(context.url, bytes);
    expect({ status: answer?.status, body: JSON.parse(answer?.body ?? "") }).to.deep.equal({ status, body });
  }

  /** The session is the one from before, and nothing has spent its refresh token. */
  async function expectEverythingWorks({ username, token, refreshToken }: Login): Promise<void> {
    await expectAnswer(request("GET", "/readyz"), 200, {
      status: "ready",
      checks: { database: true, migrations: true, keys: true },
    });
    for (const face of context.faces) {
      expect(dataOf(await face.me({ Authorization: `JWT ${token}` }))).to.include({ username });
      expect(dataOf(await face.tokenAuth({ username, password: PASSWORD })).user.username).to.equal(username);
    }
    const sessions = context.server.application.dataSource.getRepository(RefreshToken);
    const [session] = await sessions.find({ where: { user: username }, order: { id: "ASC" } });
    expect(session).to.include({ generation: 0, revoked: null });
    const refreshed = dataOf(await context.trpc.refreshToken({ refreshToken }));
    expect(dataOf(await context.graphql.refreshToken({ refreshToken: refreshed.refreshToken })).token).to.be.a(
      "string",
    );
  }
});
