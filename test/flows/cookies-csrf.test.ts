import { expect } from "chai";
import { Browser, browserFaces } from "../support/browser.js";
import { dataOf, type Face } from "../support/faces.js";
import { graphql, post } from "../support/http.js";
import { REFRESH_PATHS } from "../../src/server/paths.js";
import { PASSWORD, testContext } from "../support/test-context.js";

const MESSAGE = "CSRF check failed: send the value of the CSRF cookie in the header X-CSRFToken";
const FORGED = { code: "CSRF_FAILED", message: MESSAGE, status: 403 };

type Headers = Readonly<Record<string, string>>;

/** What a page of another site would like to be done. */
const OPERATIONS: Readonly<Record<string, (face: Face, headers: Headers) => Promise<unknown>>> = {
  "a refresh": (face, headers) => face.refreshToken({}, headers),
  "a logout": (face, headers) => face.revokeToken({}, headers),
  "a login as somebody else": (face, headers) => face.tokenAuth({ username: "mallory", password: PASSWORD }, headers),
  "a verification": (face, headers) => face.verifyToken({}, headers),
  "the deletion of a cookie": (face, headers) => face.deleteRefreshTokenCookie(headers),
};

const NO_PROOFS: Readonly<Record<string, Headers>> = {
  "without X-CSRFToken": {},
  "with an empty X-CSRFToken": { "x-csrftoken": "" },
  "with a wrong X-CSRFToken": { "x-csrftoken": "x".repeat(43) },
};

for (const profile of ["documented", "hardened"]) {
  describe(`forged requests with cookies, ${profile} profile`, () => {
    const context = testContext({
      JWT_PROFILE: profile,
      JWT_COOKIES: "true",
      JWT_LONG_RUNNING_REFRESH_TOKEN: "true",
      JWT_REUSE_REFRESH_TOKENS: "true",
    });
    const prefix = profile === "hardened" ? "__Host-" : "";
    const refreshCookie = profile === "hardened" ? "__Secure-JWT-refresh-token" : "JWT-refresh-token";
    let browser = new Browser();
    beforeEach(() => {
      browser = new Browser();
    });

    async function login(face: Face): Promise<string> {
      const { username } = await context.createUser();
      dataOf(await face.tokenAuth({ username, password: PASSWORD }));
      context.forget();
      context.clock.advance(1); // A row that is touched would show it.
      return username;
    }

    /** Asserts that every operation is refused, sets no cookie and leaves no trace: no hash, no event, no row touched. */
    async function assertRefused(face: Face, username: string, headers: Headers, operations = OPERATIONS) {
      const rows = await context.sessionsOf(username);
      for (const [name, operation] of Object.entries(operations)) {
        expect(await operation(face, headers), name).to.deep.equal(FORGED);
        expect(browser.set).to.deep.equal({});
      }
      expect(context.hasher.runs).to.equal(0);
      expect(context.events).to.deep.equal([]);
      expect(rows).to.have.length(1);
      expect(await context.sessionsOf(username)).to.deep.equal(rows);
    }

    const faces = browserFaces(context, () => browser);
    const [graphqlInBrowser] = faces;
    for (const face of faces) {
      describe(`over ${face.name}`, () => {
        for (const [name, headers] of Object.entries(NO_PROOFS)) {
          it(`are refused ${name}, and nothing is done`, async () => {
            const username = await login(face);
            browser.sendsCsrf = false;
            await assertRefused(face, username, headers);
            browser.sendsCsrf = true;
            expect(await face.revokeToken({})).to.have.property("data");
          });
        }

        it("are refused with either of the token cookies alone", async () => {
          const username = await login(face);
          const held = new Map(browser.cookies);
          browser.sendsCsrf = false;
          browser.cookies.delete(refreshCookie);
          await assertRefused(face, username, {});
          browser.cookies.set(refreshCookie, held.get(refreshCookie) ?? "").delete(`${prefix}JWT`);
          // Where the refresh token's cookie does not go there is nothing to forge.
          const { "a login as somebody else": _, "a verification": __, ...atRefreshPaths } = OPERATIONS;
          const goesEverywhere = profile === "documented" || face.api === "GraphQL";
          await assertRefused(face, username, {}, goesEverywhere ? OPERATIONS : atRefreshPaths);
        });

        it("are none where the header holds the token: no other site can set it", async () => {
          const username = await login(face);
          const authorization = `JWT ${browser.cookie("JWT") ?? ""}`;
          browser.sendsCsrf = false;
          expect(dataOf(await face.me({ authorization }))?.username).to.equal(username);
          expect(dataOf(await face.refreshToken({}, { authorization })).refreshToken).to.be.a("string");
        });

        it("are none without a token cookie: a first login needs no proof", async () => {
          browser.sendsCsrf = false;
          browser.cookies.set(`${prefix}csrftoken`, "left over").set("theme", "dark");
          expect(await login(face)).to.be.a("string");
        });

        // The browser lost it: deleted by its user, or by another application on the same domain.
        it("have their token cookies deleted if the CSRF cookie is lost, so that the next login works", async () => {
          const username = await login(face);
          const rows = await context.sessionsOf(username);
          browser.cookies.delete(`${prefix}csrftoken`);
          const credentials = { username, password: PASSWORD };
          expect(await face.tokenAuth(credentials)).to.deep.equal(FORGED);
          const security = profile === "hardened" ? ["Secure", "SameSite=Lax"] : [];
          const deleted = (path: string) => ({
            value: "",
            attributes: ["Max-Age=0", `Path=${path}`, "Expires=Thu, 01 Jan 1970 00:00:00 GMT", "HttpOnly", ...security],
          });
          const paths = profile === "hardened" ? REFRESH_PATHS : ["/"];
          expect(browser.set).to.deep.equal({
            [`${prefix}JWT`]: deleted("/"),
            ...Object.fromEntries(
              paths.map((path, index) => [index === 0 ? refreshCookie : `${refreshCookie} at ${path}`, deleted(path)]),
            ),
          });
          expect(browser.cookies.size).to.equal(0);
          expect(context.hasher.runs).to.equal(0);
          expect(await context.sessionsOf(username)).to.deep.equal(rows);
          dataOf(await face.tokenAuth(credentials));
          expect(await face.refreshToken({})).to.have.property("data");
        });
      });
    }

    it("are answered in the envelope of the face", async () => {
      const cookie = `${prefix}JWT=x; ${prefix}csrftoken=y`;
      const onGraphQL = await post(`${context.url}/graphql`, { query: "{ __typename }" }, { cookie });
      expect(onGraphQL.status).to.equal(403);
      expect(onGraphQL.headers.get("content-type")).to.equal("application/json; charset=utf-8");
      expect(JSON.parse(onGraphQL.body)).to.deep.equal({
        errors: [{ message: MESSAGE, extensions: { code: "CSRF_FAILED" } }],
      });
      const onTrpc = await post(`${context.url}/trpc/auth.refreshToken`, {}, { cookie });
      expect(onTrpc.status).to.equal(403);
      expect(onTrpc.headers.get("content-type")).to.equal("application/json; charset=utf-8");
      expect(JSON.parse(onTrpc.body)).to.deep.equal({
        error: {
          message: MESSAGE,
          code: -32003,
          data: { code: "FORBIDDEN", httpStatus: 403, errorCode: "CSRF_FAILED" },
        },
      });
      const elsewhere = await post(`${context.url}/nowhere`, {}, { cookie });
      expect([elsewhere.status, elsewhere.body]).to.deep.equal([403, onGraphQL.body]);
    });

    it("change nothing by GET, even where that is answered", async () => {
      const username = await login(graphqlInBrowser);
      browser.sendsCsrf = false;
      const own = { headers: { "sec-fetch-site": "same-origin" } };
      const query = new URLSearchParams({ query: "{ me { username } }" }).toString();
      const onGraphQL = await browser.fetch(`${context.url}/graphql?${query}`, own);
      expect(await onGraphQL.json()).to.deep.equal({ data: { me: { username } } });
      const onTrpc = await browser.fetch(`${context.url}/trpc/auth.me`, own);
      expect(await onTrpc.json()).to.have.nested.property("result.data.username", username);
      const mutation = new URLSearchParams({ query: "mutation { deleteTokenCookie { deleted } }" }).toString();
      expect((await browser.fetch(`${context.url}/graphql?${mutation}`, own)).status).to.equal(405);
      expect((await browser.fetch(`${context.url}/trpc/auth.revokeToken`, own)).status).to.equal(405);
      expect(browser.set).to.deep.equal({});
    });

    it("are refused as GraphQL queries by POST too", async () => {
      await login(graphqlInBrowser);
      browser.sendsCsrf = false;
      const { status } = await graphql(`${context.url}/graphql`, "{ me { username } }", {}, {}, browser.fetch);
      expect(status).to.equal(403);
    });
  });
}

for (const csrfRotation of [false, true]) {
  describe(`the CSRF cookie, csrfRotation ${csrfRotation}`, () => {
    const context = testContext({ JWT_COOKIES: "true", JWT_CSRF_ROTATION: String(csrfRotation) });
    let browser = new Browser();
    beforeEach(() => {
      browser = new Browser();
    });

    for (const face of browserFaces(context, () => browser)) {
      it(`${csrfRotation ? "is a new one" : "stays the same"} at each login and refresh over ${face.name}`, async () => {
        const { username } = await context.createUser();
        const seen = new Set<string>();
        for (const again of ["tokenAuth", "refreshToken", "refreshToken", "tokenAuth"] as const) {
          dataOf(await face[again](again === "tokenAuth" ? { username, password: PASSWORD } : {}));
          expect(browser.set["__Host-csrftoken"]?.value).to.match(/^[\w-]{43}$/);
          seen.add(browser.cookie("csrftoken") ?? "");
        }
        expect(seen.size).to.equal(csrfRotation ? 4 : 1);
      });
    }
  });
}
