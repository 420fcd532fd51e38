import { rm, truncate } from "node:fs/promises";
import { expect } from "chai";
import { createDataSource } from "../../src/database/data-source.js";
import { dataOf } from "../support/faces.js";
import { graphqlRequest, postRequest, request, sendRaw } from "../support/raw-http.js";
import { errorOf, expectNoInternals } from "../support/refusals.js";
import { type Login, PASSWORD, testContext } from "../support/test-context.js";

const UNAVAILABLE = {
  code: "SERVICE_UNAVAILABLE",
  message: "The service is temporarily unavailable, please try again",
};

describe("a server whose SQLite database", () => {
  const context = testContext({ JWT_REUSE_REFRESH_TOKENS: "true" });

  /** On the server's own connection. */
  const pragma = (statement: string) => context.server.application.dataSource.query(`PRAGMA ${statement}`);
  const file = () => context.server.application.config.databaseUrl.replace("sqlite:", "");

  it("is locked by another process answers 503 to what writes, soon, and serves what reads", async function () {
    this.timeout(5_000);
    const login = await context.login();
    const other = await createDataSource({ url: `sqlite:${file()}`, entities: [] }).initialize();
    await other.query("BEGIN EXCLUSIVE");
    await expectUnavailable(login);
    expect(dataOf(await context.graphql.me({ Authorization: `JWT ${login.token}` }))).to.include({
      username: login.username,
    });
    expect((await sendRaw(context.url, request("GET", "/readyz")))[0]?.status).to.equal(200);
    await other.query("ROLLBACK");
    await other.destroy();
    await expectEverythingWorks(login);
  });

  it("cannot be written to answers 503, and works again when it can", async () => {
    const login = await context.login();
    await pragma("query_only = ON");
    await expectUnavailable(login);
    await pragma("query_only = OFF");
    await expectEverythingWorks(login);
  });

  it("has no room left answers 503, and works again when there is some", async () => {
    const login = await context.login();
    const [{ page_count: pages }] = await pragma("page_count");
    await pragma(`max_page_count = ${pages}`);
    let logins = 0;
    while ("data" in (await context.trpc.tokenAuth({ username: login.username, password: PASSWORD }))) logins += 1;
    expect(logins).to.be.below(200);
    await expectUnavailable(login, ["tokenAuth"]);
    await pragma("max_page_count = 100000");
    await expectEverythingWorks(login);
  });

  it("is deleted or destroyed goes on or answers an error, tells nothing, and lives", async () => {
    const login = await context.login();
    await truncate(file(), 0);
    await expectLife(login);
    for (const suffix of ["", "-wal", "-shm"]) await rm(`${file()}${suffix}`, { force: true });
    await expectLife(login);
  });

  async function expectUnavailable(login: Login, operations: readonly string[] = ["tokenAuth", "refreshToken"]) {
    const requests = writes(login).filter((text) => operations.some((name) => text.includes(name)));
    for (const [answer] of await Promise.all(requests.map((bytes) => sendRaw(context.url, bytes)))) {
      if (!answer) throw new Error("no answer");
      expect(answer.status).to.equal(503);
      expect(answer.headers["retry-after"]).to.equal("1");
      expect(errorOf(answer)).to.deep.equal(UNAVAILABLE);
      expectNoInternals(answer.body);
    }
  }

  async function expectLife({ username, token, refreshToken }: Login): Promise<void> {
    const reads = [request("GET", "/trpc/auth.me", { Authorization: `JWT ${token}` }), request("GET", "/readyz")];
    for (const bytes of [...reads, ...writes({ username, refreshToken })]) {
      const [answer] = await sendRaw(context.url, bytes);
      expect(answer?.status).to.be.oneOf([200, 500, 503]);
      if (answer?.status !== 200) expectNoInternals(answer?.body ?? "");
    }
    expect((await sendRaw(context.url, request("GET", "/healthz")))[0]?.body).to.equal('{"status":"ok"}');
  }

  async function expectEverythingWorks({ username, refreshToken }: Login): Promise<void> {
    for (const face of context.faces)
      expect(await face.tokenAuth({ username, password: PASSWORD })).to.have.property("data");
    const refreshed = dataOf(await context.trpc.refreshToken({ refreshToken }));
    expect(await context.graphql.refreshToken({ refreshToken: refreshed.refreshToken })).to.have.property("data");
  }
});

function writes({ username, refreshToken }: Pick<Login, "username" | "refreshToken">): string[] {
  return [
    postRequest("/trpc/auth.tokenAuth", JSON.stringify({ username, password: PASSWORD })),
    graphqlRequest(`mutation{tokenAuth(username:"${username}",password:"${PASSWORD}"){token}}`),
    postRequest("/trpc/auth.refreshToken", JSON.stringify({ refreshToken })),
    graphqlRequest(`mutation{refreshToken(refreshToken:"${refreshToken}"){token refreshToken}}`),
  ];
}
