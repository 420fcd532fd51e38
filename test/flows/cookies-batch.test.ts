import { httpBatchLink, httpBatchStreamLink } from "@trpc/client";
import { expect } from "chai";
import { Browser } from "../support/browser.js";
import { outcomeOf, trpcClient } from "../support/faces.js";
import { graphql } from "../support/http.js";
import { PASSWORD, testContext } from "../support/test-context.js";

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
