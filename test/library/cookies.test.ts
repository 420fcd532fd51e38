import { expect } from "chai";
import { type Auth, createAuth } from "../../src/index.js";
import { graphql, post } from "../support/http.js";
import { listen, type Listening } from "../support/listen.js";
import { CHEAP_HASHER } from "../support/running-server.js";
import { type Member, Members } from "./host/members.js";
import { nodeHttpHost } from "./host/node-http-host.js";
import { Recipes } from "./host/recipes.js";

const CREDENTIALS = { username: "nora@example.org", password: "with a pinch of salt" };
const LOGIN = `mutation ($username: String!, $password: String!) {
  tokenAuth(username: $username, password: $password) { payload }
}`;

describe("a host application with cookies", () => {
  const members = new Members(CHEAP_HASHER);
  const recipes = new Recipes();
  let auth: Auth<Member>;
  let host: Listening;

  before(async () => {
    await members.add(
      { email: CREDENTIALS.username, kitchen: "north", permissions: ["recipes.edit"] },
      "with a pinch of salt",
    );
    auth = await createAuth({
      users: members,
      secretKey: "the secret key of the host application",
      settings: { usernameField: "email", cookies: true },
    });
    host = await listen(
      await nodeHttpHost(auth, recipes, (error) => {
        throw error;
      }),
    );
  });
  beforeEach(() => void recipes.calls.splice(0));
  after(() => host.close());

  /** The cookies of an answer, as a browser sends them back, and the value that a page of ours reads. */
  function jar(headers: Headers): { cookie: string; csrf: string } {
    const pairs = headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
    const csrf = pairs.find((pair) => pair.startsWith("csrftoken="))?.split("=")[1] ?? "";
    return { cookie: pairs.join("; "), csrf };
  }

  const rename = (headers: Record<string, string>) =>
    graphql(
      `${host.url}/graphql`,
      `
        mutation {
          renameRecipe(title: "Bread", to: "Bread") {
            title
          }
        }
      `,
      {},
      headers,
    );

  const logins: Record<string, () => Promise<{ headers: Headers }>> = {
    GraphQL: () => graphql(`${host.url}/graphql`, LOGIN, CREDENTIALS),
    tRPC: () => post(`${host.url}/trpc/auth.tokenAuth`, CREDENTIALS),
  };
  for (const [face, login] of Object.entries(logins)) {
    it(`knows the user of a cookie that a login over ${face} has set`, async () => {
      const { cookie, csrf } = jar((await login()).headers);
      expect(cookie).to.match(/^JWT=ey[\w.-]+; csrftoken=[\w-]{43}$/);
      const { body } = await rename({ cookie, "x-csrftoken": csrf });
      expect(body).to.deep.equal({ data: { renameRecipe: { title: "Bread" } } });
      expect(recipes.calls).to.deep.equal(["rename by nora@example.org"]);
    });
  }

  it("refuses a request that may come from another site, before anything runs", async () => {
    const { cookie } = jar((await graphql(`${host.url}/graphql`, LOGIN, CREDENTIALS)).headers);
    const { status, body } = await rename({ cookie });
    expect(status).to.equal(403);
    expect(body.errors?.[0]?.extensions).to.deep.equal({ code: "CSRF_FAILED" });
    const overTrpc = await post(`${host.url}/trpc/recipes.rename`, { title: "Bread", to: "Bread" }, { cookie });
    expect(overTrpc.status).to.equal(403);
    expect(JSON.parse(overTrpc.body)).to.have.nested.property("error.data.errorCode", "CSRF_FAILED");
    expect(recipes.calls).to.deep.equal([]);
  });
});
