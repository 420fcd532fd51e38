import { expect } from "chai";
import {
  type AuthClientOptions,
  type HiddenTokenAppRouter,
  createAuthClient,
  memoryStore,
} from "../../src/client/index.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { Browser } from "../support/browser.js";
import { NOW, PASSWORD, testContext } from "../support/test-context.js";
import { newClient } from "./lab/new-client.js";
import { Traffic } from "./lab/traffic.js";

for (const hidden of ["true", "false"]) {
  for (const api of ["trpc", "graphql"] as const) {
    describe(`the auth client with cookies over ${api}, hideTokenFields ${hidden}`, () => {
      const context = testContext({ JWT_COOKIES: "true", JWT_HIDE_TOKEN_FIELDS: hidden });
      let browser: Browser;
      let page: ReturnType<typeof open>;

      /** A page of the site: its script has nothing but the CSRF cookie. */
      function open(options: Partial<AuthClientOptions> = {}) {
        const traffic = new Traffic((input, init) => browser.fetch(input as string, init));
        const store = memoryStore();
        const csrfToken = () => browser.cookie("csrftoken");
        const lab = newClient(context, { api, cookies: true, csrfToken, store, fetch: traffic.fetch, ...options });
        return { ...lab, traffic, store };
      }
      beforeEach(() => {
        browser = new Browser();
        browser.sendsCsrf = false;
        page = open();
      });
      const me = async () => (await (await page.auth.fetch(`${context.url}/trpc/auth.me`)).json()) as object;

      it("logs in, refreshes before the cookie is gone, and logs out", async () => {
        const { username, id } = await context.createUser();
        const session = await page.auth.login(username, PASSWORD);
        expect(session.user?.id).to.equal(id);
        expect(session.payload.exp).to.equal(NOW + 300);
        expect(await me()).to.have.nested.property("result.data.id", id);
        expect([...browser.cookies.keys()].toSorted()).to.deep.equal([
          "__Host-JWT",
          "__Host-csrftoken",
          "__Secure-JWT-refresh-token",
        ]);

        const before = new Map(browser.cookies);
        context.clock.advance(280);
        expect(await me()).to.have.nested.property("result.data.id", id);
        expect(page.traffic.refreshes).to.equal(1);
        expect(browser.cookie("JWT")).to.not.equal(before.get("__Host-JWT"));
        expect(browser.cookie("JWT-refresh-token")).to.not.equal(before.get("__Secure-JWT-refresh-token"));

        expect(await page.auth.logout()).to.deep.equal({ revoked: true });
        expect([...browser.cookies.keys()]).to.deep.equal(["__Host-csrftoken"]);
        expect(page.reasons()).to.deep.equal(["loggedIn", "refreshed", "loggedOut"]);
        expect(context.eventNames.at(-1)).to.equal("refreshTokenRevoked");
      });

      describe("when the server drops a cookie that the device takes for good", () => {
        const sessions = async () => (await page.auth.fetch(`${context.url}/trpc/auth.sessions`)).status;
        let username: string;
        beforeEach(async () => {
          ({ username } = await context.createUser());
          page = open({ clock: { now: () => new Date(0) } });
          await page.auth.login(username, PASSWORD);
          page.traffic.sent.length = 0;
        });

        it("refreshes, and sends the request once more", async () => {
          context.clock.advance(400);
          expect(await sessions()).to.equal(200);
          expect([page.traffic.refreshes, page.traffic.sent.length]).to.deep.equal([1, 3]);
          expect(page.reasons()).to.deep.equal(["loggedIn", "refreshed"]);
        });

        it("finds out that the session was ended elsewhere", async () => {
          const rows = context.server.application.dataSource.getRepository(RefreshToken);
          await rows.update({ user: username }, { revoked: context.clock.now() });
          expect(await sessions()).to.equal(401);
          expect(page.reasons()).to.deep.equal(["loggedIn", "refused: INVALID_REFRESH_TOKEN"]);
          expect(page.auth.session).to.equal(null);
        });

        const endElsewhere = () =>
          context.server.application.dataSource
            .getRepository(RefreshToken)
            .update({ user: username }, { revoked: context.clock.now() });
        const headers = { "content-type": "application/json" };
        const graphql = async (query: string) => {
          const init = { method: "POST", headers, body: JSON.stringify({ query }) };
          return (await (await page.auth.fetch(`${context.url}/graphql`, init)).json()) as object;
        };
        const verify = async () => {
          const { token } = await context.login();
          const init = { method: "POST", headers, body: JSON.stringify({ token }) };
          return (await page.auth.fetch(`${context.url}/trpc/auth.verifyToken`, init)).status;
        };
        const verifyOverGraphQL = async () =>
          graphql(`mutation { verifyToken(token: "${(await context.login()).token}") { payload } }`);

        // Each is answered with 200, or as nobody's: nothing but the header says that there was a bad cookie.
        const AGAIN: Readonly<Record<string, [ask: () => Promise<unknown>, place: string]>> = {
          "GraphQL, of what nobody has": [() => graphql("{ me { username } }"), "data.me.username"],
          "GraphQL, of what nobody may": [() => graphql("{ sessions { device } }"), "data.sessions[0].device"],
          "GraphQL, of a change that nobody may do": [
            () => graphql("mutation { revokeOtherSessions { count } }"),
            "data.revokeOtherSessions.count",
          ],
          "tRPC, of what nobody has": [me, "result.data.username"],
        };
        for (const [what, [ask, place]] of Object.entries(AGAIN)) {
          it(`refreshes, and asks once more over ${what}`, async () => {
            context.clock.advance(400);
            expect(await ask()).to.have.nested.property(place);
            expect([page.traffic.refreshes, page.traffic.sent.length]).to.deep.equal([1, 3]);
            expect(page.reasons()).to.deep.equal(["loggedIn", "refreshed"]);
          });

          it(`finds out that the session was ended elsewhere over ${what}`, async () => {
            await endElsewhere();
            expect(await ask()).to.not.have.nested.property(place);
            expect(page.traffic.sent.length).to.equal(2);
            expect(page.reasons()).to.deep.equal(["loggedIn", "refused: INVALID_REFRESH_TOKEN"]);
          });
        }

        for (const [face, ask] of [
          ["GraphQL", verifyOverGraphQL],
          ["tRPC", verify],
        ] as const) {
          it(`does not do twice what was done as nobody's, over ${face}, and refreshes all the same`, async () => {
            context.clock.advance(400);
            await ask();
            expect([page.traffic.refreshes, page.traffic.sent.length]).to.deep.equal([1, 2]);
            expect(page.reasons()).to.deep.equal(["loggedIn", "refreshed"]);
          });
        }
      });

      it("keeps no token where a script could find it, and sends none in a header or body", async () => {
        const { username } = await context.createUser();
        await page.auth.login(username, PASSWORD);
        await page.auth.refresh();
        await me();
        expect(await page.auth.connectionParams()).to.deep.equal({});
        const secrets = [...browser.cookies].filter(([name]) => !name.endsWith("csrftoken")).map(([, value]) => value);
        expect(secrets).to.have.length(2);
        for (const secret of secrets) {
          expect(JSON.stringify(page.store.get())).to.not.include(secret);
          expect(JSON.stringify(page.traffic.sent)).to.not.include(secret);
        }
        expect(page.traffic.sent.map(({ authorization }) => authorization)).to.deep.equal([null, null, null]);
      });

      it("proves with each request that it comes from the page", async () => {
        const { username } = await context.createUser();
        await page.auth.login(username, PASSWORD);
        const headers = { "content-type": "application/json" };
        const init = {
          method: "POST",
          headers,
          body: JSON.stringify({ query: "mutation { revokeOtherSessions { count } }" }),
        };
        const response = await page.auth.fetch(`${context.url}/graphql`, init);
        expect(await response.json()).to.deep.equal({ data: { revokeOtherSessions: { count: 0 } } });
        const forged = await browser.fetch(`${context.url}/graphql`, init);
        expect(forged.status).to.equal(403);
      });

      it("finds the session of the cookies after a reload", async () => {
        const { username } = await context.createUser();
        await page.auth.login(username, PASSWORD);
        const reloaded = open();
        expect(reloaded.auth.session).to.equal(null);
        expect((await reloaded.auth.refresh())?.payload.username).to.equal(username);
        expect(reloaded.reasons()).to.deep.equal(["refreshed"]);
      });

      it("finds none where there is none, which is no event", async () => {
        expect(await page.auth.refresh()).to.equal(null);
        expect(page.reasons()).to.deep.equal([]);
        expect((await page.auth.logout()).revoked).to.equal(false);
      });

      it("drops the session when the cookies are gone", async () => {
        const { username } = await context.createUser();
        await page.auth.login(username, PASSWORD);
        browser.cookies.clear();
        expect(await page.auth.refresh()).to.equal(null);
        expect(page.reasons()).to.deep.equal(["loggedIn", "refused: TOKEN_REQUIRED"]);
      });

      it("deletes the cookies of a session that is over already", async () => {
        const { username } = await context.createUser();
        await page.auth.login(username, PASSWORD);
        await context.changeUser(username, { tokensValidAfter: new Date("2025-01-01") });
        expect((await page.auth.logout()).error).to.equal(undefined);
        expect([...browser.cookies.keys()]).to.deep.equal(["__Host-csrftoken"]);
      });
    });
  }
}

describe("the auth client without cookies, where the server hides tokens", () => {
  const context = testContext({ JWT_COOKIES: "true", JWT_HIDE_TOKEN_FIELDS: "true" });

  it("says which option is missing", async () => {
    const { username } = await context.createUser();
    const auth = createAuthClient<HiddenTokenAppRouter>({ url: `${context.url}/trpc` });
    const failure = await auth.login(username, PASSWORD).catch((error: unknown) => error);
    expect(failure).to.have.property("code", "UNEXPECTED_ANSWER");
    expect(failure).to.have.property(
      "message",
      "This is no answer of an auth server (HTTP 200): there is no token in it. " +
        "Is the server's hideTokenFields on? Then use the option cookies",
    );
    expect(auth.session).to.equal(null);
  });
});

describe("the CSRF cookie of a page", () => {
  const context = testContext({ JWT_COOKIES: "true" });
  afterEach(() => void delete (globalThis as { document?: unknown }).document);

  for (const [cookie, sent] of [
    ["a=1; __Host-csrftoken=strict; csrftoken=loose", "strict"],
    ["csrftoken=with=signs; b=2", "with=signs"],
    ["__Secure-csrftoken=secure", "secure"],
    ["a=1", null],
    ["", null],
  ] as const) {
    it(`is found in "${cookie}"`, async () => {
      (globalThis as { document?: unknown }).document = { cookie };
      const seen: (string | null)[] = [];
      const auth = createAuthClient({
        url: `${context.url}/trpc`,
        cookies: true,
        fetch: async (_input, init) => {
          expect(init?.credentials).to.equal("include");
          seen.push(new Headers(init?.headers).get("x-csrftoken"));
          return new Response("{}");
        },
      });
      await auth.fetch(`${context.url}/trpc/auth.me`);
      await auth.fetch(`${context.url}/trpc/auth.me`, { method: "post" });
      expect(seen).to.deep.equal([sent, sent]);
    });
  }
});
