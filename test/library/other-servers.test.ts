import { createTRPCClient, httpLink } from "@trpc/client";
import { expect } from "chai";
import { type Auth, createAuth, PasswordHasher } from "../../src/index.js";
import { graphql } from "../support/http.js";
import { listen, type Listening } from "../support/listen.js";
import { outcomeOf } from "../support/faces.js";
import { type HostRouter, graphqlHttpHost } from "./host/graphql-http-host.js";
import { type Member, Members } from "./host/members.js";
import { Recipes } from "./host/recipes.js";

const DENIED = "You do not have permission to perform this action";
const PASSWORD = "with a pinch of salt";

describe("a host application on graphql-http, with a tRPC of its own and authMode null", () => {
  const members = new Members(new PasswordHasher({ memoryCost: 8, timeCost: 1 }));
  const recipes = new Recipes();
  let auth: Auth<Member>;
  let host: Listening;
  let nora: Member;

  before(async () => {
    nora = await members.add({ email: "nora@example.org", kitchen: "north", permissions: ["recipes.edit"] }, PASSWORD);
    auth = await createAuth({
      users: members,
      secretKey: "the secret key of the host application",
      settings: { usernameField: "email", authenticateIntrospection: true },
    });
    host = await listen(await graphqlHttpHost(auth, recipes, new Map([["key-of-nora", nora]])));
  });
  beforeEach(() => void recipes.calls.splice(0));
  after(() => host.close());

  const ask = (query: string, headers: Record<string, string> = {}) =>
    graphql(`${host.url}/graphql`, query, {}, headers);

  const client = (headers: Record<string, string> = {}) =>
    createTRPCClient<HostRouter>({ links: [httpLink({ url: `${host.url}/trpc`, headers })] });

  async function login(): Promise<{ authorization: string }> {
    const { token } = await client().tokenAuth.mutate({ username: "nora@example.org", password: PASSWORD });
    return { authorization: `JWT ${token}` };
  }

  it("answers null for a field that is denied, without an error, and does not run its resolver", async () => {
    const { body } = await ask("{ recipes { title secretIngredient } }");
    expect(body).to.deep.equal({
      data: {
        recipes: [
          { title: "Bread", secretIngredient: null },
          { title: "Soup", secretIngredient: null },
        ],
      },
    });
    expect(recipes.calls).to.deep.equal(["all by anybody"]);
    const asNora = await ask("{ recipes { secretIngredient } }", await login());
    expect(asNora.body).to.deep.equal({
      data: { recipes: [{ secretIngredient: "malt" }, { secretIngredient: null }] },
    });
  });

  it("answers our errors with their codes", async () => {
    const { body } = await ask(`mutation { tokenAuth(username: "nora@example.org", password: "wrong") { token } }`);
    expect(body.errors?.[0]).to.deep.include({
      message: "Please enter valid credentials",
      extensions: { code: "INVALID_CREDENTIALS" },
    });
  });

  it("keeps the schema from anonymous requests", async () => {
    const anonymous = await ask("{ __schema { queryType { name } } }");
    expect(anonymous.body.errors?.map(({ extensions }) => extensions?.code)).to.include("INTROSPECTION_DISABLED");
    expect((await ask("{ __schema { queryType { name } } }", await login())).body).to.deep.equal({
      data: { __schema: { queryType: { name: "Query" } } },
    });
  });

  it("protects procedures of its own tRPC with our rules", async () => {
    expect(await outcomeOf(client().whoEdits.query())).to.deep.equal({
      code: "UNAUTHENTICATED",
      message: DENIED,
      status: 401,
    });
    expect(recipes.calls).to.deep.equal([]);
    expect(await outcomeOf(client(await login()).whoEdits.query())).to.deep.equal({ data: "north" });
    expect(recipes.calls).to.deep.equal(["all by nora@example.org"]);
  });

  describe("with a user whom an earlier middleware has set", () => {
    const headers = { "x-api-key": "key-of-nora", authorization: "JWT not.a.token" };

    it("does not look at the token", async () => {
      const { body } = await ask("{ me { id username } ownRecipes { title } }", headers);
      expect(body).to.deep.equal({
        data: { me: { id: "1", username: "nora@example.org" }, ownRecipes: [{ title: "Bread" }] },
      });
      expect(await outcomeOf(client(headers).whoEdits.query())).to.deep.equal({ data: "north" });
    });

    it("looks at it for everybody else", async () => {
      const { status } = await ask("{ me { id } }", { ...headers, "x-api-key": "of nobody" });
      expect(status).to.equal(401);
    });
  });
});
