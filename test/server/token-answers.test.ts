import { createTRPCClient, httpBatchLink, httpBatchStreamLink, httpLink, TRPCClientError } from "@trpc/client";
import { expect } from "chai";
import { createGraphQLHandler } from "../../src/index.js";
import { buildAuthSchema } from "../../src/graphql/schema.js";
import type { AppRouter } from "../../src/trpc/auth-router-types.js";
import { graphql } from "../support/http.js";
import { PASSWORD, testContext } from "../support/test-context.js";

const LOGIN = "mutation ($u: String!, $p: String!) { tokenAuth(username: $u, password: $p) { token refreshToken } }";
const LINKS = { httpLink, httpBatchLink, httpBatchStreamLink };

for (const cookies of [false, true]) {
  describe(`an answer that carries a token${cookies ? ", and cookies" : ""}`, () => {
    const context = testContext({ JWT_COOKIES: String(cookies), JWT_COOKIE_SECURE: "false" });
    /** What came over the wire since the test began. */
    const answers: { headers: Headers; text: string }[] = [];
    beforeEach(() => void (answers.length = 0));
    const recorded = async (url: Parameters<typeof fetch>[0], init?: object): Promise<Response> => {
      const response = await fetch(url, init);
      // Read once for the test and once for the client.
      answers.push({ headers: response.headers, text: await response.clone().text() });
      return response;
    };

    /** Checks what may be kept of the recorded answers, and that there is a token in them. */
    function expectNoStore(count: number): void {
      expect(answers).to.have.length(count);
      for (const { headers, text } of answers) {
        expect(headers.get("cache-control")).to.equal("no-store");
        expect(text).to.match(/eyJ[\w-]+\./);
        expect(headers.getSetCookie().length > 0).to.equal(cookies);
      }
    }

    for (const [name, link] of Object.entries(LINKS)) {
      it(`is in no cache: tRPC through ${name}`, async () => {
        const { username } = await context.createUser();
        const client = createTRPCClient<AppRouter>({ links: [link({ url: `${context.url}/trpc`, fetch: recorded })] });
        const login = () => client.auth.tokenAuth.mutate({ username, password: PASSWORD });
        await Promise.all([login(), login()]); // A batch, where the link makes one.
        expectNoStore(link === httpLink ? 2 : 1);
      });
    }

    it("is in no cache: a batch in which one call fails and another has a token", async () => {
      const { username } = await context.createUser();
      const client = createTRPCClient<AppRouter>({
        links: [httpBatchLink({ url: `${context.url}/trpc`, fetch: recorded })],
      });
      const [good, bad] = await Promise.allSettled([
        client.auth.tokenAuth.mutate({ username, password: PASSWORD }),
        client.auth.tokenAuth.mutate({ username, password: "wrong" }),
      ]);
      expect(good.status).to.equal("fulfilled");
      expect(bad).to.have.property("reason").that.is.instanceOf(TRPCClientError);
      expectNoStore(1);
    });

    it("is in no cache: GraphQL", async () => {
      const { username } = await context.createUser();
      await graphql(`${context.url}/graphql`, LOGIN, { u: username, p: PASSWORD }, {}, recorded);
      expectNoStore(1);
    });
  });
}

describe("the GraphQL handler of a host", () => {
  const context = testContext();

  async function headersOf(body: Record<string, unknown> | null, method = "POST") {
    const { auth } = context.server.application;
    const handle = createGraphQLHandler(await buildAuthSchema(auth.settings));
    const request = { method, url: "/graphql", headers: { "content-type": "application/json" } };
    return handle({ request, body, context: await auth.context(request), onServerError() {} });
  }

  it("says of every answer that no cache may keep it, one with a token among them", async () => {
    const { username } = await context.createUser();
    const answers = [
      await headersOf({ query: LOGIN, variables: { u: username, p: PASSWORD } }),
      await headersOf({ query: LOGIN, variables: { u: username, p: "wrong" } }),
      await headersOf({ query: "{" }),
      await headersOf(null, "PUT"),
    ];
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 400, 405]);
    expect(answers[0]?.body).to.match(/"token":"eyJ/);
    for (const { headers } of answers) expect(headers["cache-control"]).to.equal("no-store");
  });

  it("says so of a request that fails before it", async () => {
    const { auth } = context.server.application;
    const request = { headers: {} };
    const { headers } = await auth.errorResponse({ request, error: new Error("x"), onServerError() {} });
    expect(headers["cache-control"]).to.equal("no-store");
  });
});
