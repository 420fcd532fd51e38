import { httpBatchLink, httpBatchStreamLink } from "@trpc/client";
import { expect } from "chai";
import { Browser } from "../support/browser.js";
import { outcomeOf, trpcClient } from "../support/faces.js";
import { graphql, type GraphQLBody, post } from "../support/http.js";
import { NOW, PASSWORD, testContext } from "../support/test-context.js";

const COOKIES = ["__Host-JWT", "__Secure-JWT-refresh-token", "__Host-csrftoken"];

for (const link of [httpBatchLink, httpBatchStreamLink]) {
  for (const hidden of [true, false]) {
    describe(`cookies of several calls in one request by ${link.name}, hideTokenFields ${hidden}`, () => {
      const context = testContext({ JWT_COOKIES: "true", JWT_HIDE_TOKEN_FIELDS: String(hidden) });
      let browser: Browser;
      let client: ReturnType<typeof trpcClient>;
      beforeEach(() => {
        browser = new Browser();
        client = trpcClient(link({ url: `${context.url}/trpc`, fetch: browser.fetch as never }));
      });
      const bodies = () => browser.bodies.splice(0);
      const attributesOf = (name: string) => browser.set[name]?.attributes ?? [];

      it("are set by a login among others, whoever is done first and whatever fails", async () => {
        const { username } = await context.createUser();
        const other = hidden ? "garbage" : (await context.login()).token;
        const outcomes = await Promise.all([
          outcomeOf(client.auth.verifyToken.mutate({ token: "garbage" })),
          outcomeOf(client.auth.tokenAuth.mutate({ username, password: PASSWORD })),
          outcomeOf(client.auth.tokenAuth.mutate({ username, password: "wrong" })),
          outcomeOf(client.auth.verifyToken.mutate({ token: other })),
        ]);
        expect(outcomes[1]).to.have.nested.property("data.user.username", username);
        expect(outcomes[0]).to.include({ code: "INVALID_TOKEN" });
        expect(outcomes[2]).to.include({ code: "INVALID_CREDENTIALS" });

        const [body = "", ...more] = bodies();
        expect(more).to.deep.equal([]); // One request.
        expect(browser.set).to.include.all.keys(COOKIES);
        expect(COOKIES.map((name) => attributesOf(name).includes("HttpOnly"))).to.deep.equal([true, true, false]);
        for (const name of COOKIES.slice(0, 2)) {
          if (hidden) expect(body).to.not.include(browser.set[name]?.value);
          else expect(body).to.include(browser.set[name]?.value);
        }
        if (hidden) expect(body).to.not.match(/eyJ|"token"|"refreshToken"/);
        expect((await client.auth.me.query())?.username).to.equal(username);
      });

      it("are those of one and the same session where two log in", async () => {
        const [one, two] = [await context.createUser(), await context.createUser()];
        await Promise.all(
          [one, two].map(({ username }) => client.auth.tokenAuth.mutate({ username, password: PASSWORD })),
        );
        expect(bodies()).to.have.length(1);
        const me = await client.auth.me.query();
        const refreshed = await client.auth.refreshToken.mutate({});
        expect([one.username, two.username]).to.include(me?.username);
        expect(refreshed.payload.username).to.equal(me?.username);
      });

      it("are deleted together, and keep no token in the answer", async () => {
        const { username } = await context.createUser();
        await client.auth.tokenAuth.mutate({ username, password: PASSWORD });
        bodies();
        const deleted = await Promise.all([
          client.auth.deleteTokenCookie.mutate(),
          client.auth.deleteRefreshTokenCookie.mutate(),
        ]);
        // The refresh token's cookie does not go to the address of this batch, and is deleted all the same.
        expect(deleted).to.deep.equal([{ deleted: true }, { deleted: false }]);
        expect(bodies()).to.have.length(1);
        expect([...browser.cookies.keys()]).to.deep.equal(["__Host-csrftoken"]);
      });
    });
  }
}

describe("cookies of several logins in one GraphQL document", () => {
  const context = testContext({ JWT_COOKIES: "true", JWT_HIDE_TOKEN_FIELDS: "true" });

  it("are those of the last one, which mutations have in their order", async () => {
    const browser = new Browser();
    const [one, two] = [await context.createUser(), await context.createUser()];
    const login = ({ username }: { username: string }) =>
      `tokenAuth(username: "${username}", password: "${PASSWORD}") { payload }`;
    const query = `mutation { one: ${login(one)} two: ${login(two)} }`;
    const { body } = await graphql(`${context.url}/graphql`, query, {}, {}, browser.fetch);
    expect(body.errors).to.equal(undefined);
    expect(browser.bodies.join("")).to.not.include("eyJ");
    for (const asked of ["{ me { username } }", "mutation { me: refreshToken { payload } }"]) {
      const { body: answer } = await graphql<{ me: object }>(`${context.url}/graphql`, asked, {}, {}, browser.fetch);
      expect(JSON.stringify(answer.data?.me)).to.include(two.username).and.not.include(one.username);
    }
  });
});

describe("the cookies that operations of one GraphQL request go on with", () => {
  const context = testContext({
    JWT_PROFILE: "documented",
    JWT_COOKIES: "true",
    JWT_LONG_RUNNING_REFRESH_TOKEN: "true",
    JWT_REUSE_REFRESH_TOKENS: "true",
    JWT_QUERY_BATCH_LIMIT: "5",
  });
  let browser = new Browser();
  beforeEach(() => {
    browser = new Browser();
  });

  const login = (username: string) => `tokenAuth(username: "${username}", password: "${PASSWORD}") { token }`;

  /** One document with these fields. */
  async function inOneDocument(...fields: string[]): Promise<unknown[]> {
    const query = `mutation { ${fields.map((field, index) => `_${index}: ${field}`).join(" ")} }`;
    const { body } = await graphql(`${context.url}/graphql`, query, {}, {}, browser.fetch);
    return body.errors?.map(({ message }) => message) ?? Object.values(body.data ?? {});
  }

  /** An array with a document for each. */
  async function inOneArray(...fields: string[]): Promise<unknown[]> {
    const batch = fields.map((field) => ({ query: `mutation { _0: ${field} }` }));
    const { body } = await post(`${context.url}/graphql`, batch, {}, browser.fetch);
    const answers = JSON.parse(body) as GraphQLBody<Record<string, unknown>>[];
    return answers.map(({ data, errors }) => errors?.[0]?.message ?? data?.["_0"]);
  }

  async function loggedIn(): Promise<string> {
    const { username } = await context.createUser();
    await inOneDocument(login(username));
    context.forget();
    return username;
  }

  for (const [name, run] of [
    ["document", inOneDocument],
    ["array", inOneArray],
  ] as const) {
    it(`are those of the refresh before, and no replay: ${name}`, async () => {
      const username = await loggedIn();
      const [first, second] = await run("refreshToken { token refreshToken }", "refreshToken { token refreshToken }");
      expect(first).to.have.property("refreshToken").that.is.a("string");
      expect(second).to.have.property("refreshToken", browser.cookie("JWT-refresh-token"));
      expect((await context.sessionsOf(username))[0]).to.deep.include({ generation: 2, revoked: null });
      expect(context.eventNames).to.not.include("refreshTokenReplayed");
    });

    it(`are those of the refresh before, for a logout, which deletes them: ${name}`, async () => {
      const username = await loggedIn();
      const [, revoked] = await run("refreshToken { token }", "revokeToken { revoked }");
      expect(revoked).to.deep.equal({ revoked: NOW });
      expect((await context.sessionsOf(username))[0]?.revoked).to.deep.equal(context.clock.now());
      expect(browser.cookies).to.have.all.keys("JWT", "csrftoken");
    });

    it(`are those of the login before, for a logout, which leaves the other session alone: ${name}`, async () => {
      const username = await loggedIn();
      context.clock.advance(1);
      const [, revoked] = await run(login(username), "revokeToken { revoked }");
      expect(revoked).to.deep.equal({ revoked: NOW + 1 });
      const sessions = await context.sessionsOf(username);
      expect(sessions.map(({ revoked: at }) => at !== null)).to.deep.equal([false, true]);
      expect(browser.cookies).to.have.all.keys("JWT", "csrftoken");
    });

    it(`are those of the login before, for verifyToken: ${name}`, async () => {
      await loggedIn();
      const { username } = await context.createUser();
      const [, verified] = await run(login(username), "verifyToken { payload }");
      expect(verified).to.have.nested.property("payload.username", username);
    });

    it(`are gone once they are deleted: ${name}`, async () => {
      await loggedIn();
      const fields = ["deleteTokenCookie { deleted }", "deleteRefreshTokenCookie { deleted }"];
      const twice = await run(...fields, ...fields);
      expect(twice).to.deep.equal([{ deleted: true }, { deleted: true }, { deleted: false }, { deleted: false }]);
    });
  }

  it("are none for what comes after a logout", async () => {
    await loggedIn();
    const answers = await inOneArray("revokeToken { revoked }", "refreshToken { token }", "revokeToken { revoked }");
    expect(answers).to.deep.equal([{ revoked: NOW }, "Refresh token is required", "Refresh token is required"]);
    expect(browser.cookies).to.have.all.keys("JWT", "csrftoken");
  });
});
