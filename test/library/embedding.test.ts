import { createTRPCClient, httpBatchLink, TRPCClientError } from "@trpc/client";
import { expect } from "chai";
import { type Auth, createAuth, PasswordHasher, ServiceUnavailableError } from "../../src/index.js";
import { graphql, post } from "../support/http.js";
import { listen, type Listening } from "../support/listen.js";
import { TestClock } from "../support/test-clock.js";
import { type Member, Members } from "./host/members.js";
import { nodeHttpHost } from "./host/node-http-host.js";
import type { HostRouter } from "./host/recipe-router.js";
import { Recipes } from "./host/recipes.js";

const DENIED = "You do not have permission to perform this action";
const PASSWORD = "with a pinch of salt";
const TOKEN_AUTH = `mutation ($username: String!, $password: String!) {
  tokenAuth(username: $username, password: $password) { token payload refreshExpiresIn user { id username email } }
}`;

describe("a host application on node:http", () => {
  const clock = new TestClock();
  const members = new Members(new PasswordHasher({ memoryCost: 8, timeCost: 1 }));
  let recipes: Recipes;
  let auth: Auth<Member>;
  let host: Listening;
  let internalErrors: unknown[];

  before(async () => {
    await members.add({ email: "nora@example.org", kitchen: "north", permissions: ["recipes.edit"] }, PASSWORD);
    await members.add({ email: "sam@example.org", kitchen: "south" }, PASSWORD);
    await members.add({ email: "root@example.org", kitchen: "none", isSuperuser: true }, PASSWORD);
    auth = await createAuth({
      users: members,
      secretKey: "the secret key of the host application",
      settings: {
        usernameField: "email",
        verifyExpiration: true,
        authenticateIntrospection: true,
        authHeaderPrefix: "Bearer",
      },
      clock,
    });
  });

  beforeEach(async () => {
    recipes = new Recipes();
    internalErrors = [];
    host = await listen(await nodeHttpHost(auth, recipes, (error) => internalErrors.push(error)));
  });
  afterEach(() => host.close());
  afterEach(() => expect(internalErrors.splice(0)).to.deep.equal([]));

  async function bearer(email: string): Promise<{ authorization: string }> {
    const { token } = await auth.service.tokenAuth({ username: email, password: PASSWORD });
    return { authorization: `Bearer ${token}` };
  }

  const ask = (query: string, headers: Record<string, string> = {}, variables = {}) =>
    graphql(`${host.url}/graphql`, query, variables, headers);

  const client = (headers: Record<string, string> = {}) =>
    createTRPCClient<HostRouter>({ links: [httpBatchLink({ url: `${host.url}/trpc`, headers })] });

  it("logs the host's own users in, by the natural key of the host", async () => {
    const { body } = await ask(TOKEN_AUTH, {}, { username: "nora@example.org", password: PASSWORD });
    expect(body.data?.["tokenAuth"]).to.deep.include({
      payload: { email: "nora@example.org", exp: 1704067500, origIat: 1704067200 },
      refreshExpiresIn: 1704672000,
      user: { id: "1", username: "nora@example.org", email: "nora@example.org" },
    });
    const { user } = await client().auth.tokenAuth.mutate({ username: "sam@example.org", password: PASSWORD });
    expect(user).to.deep.equal({
      id: "2",
      username: "sam@example.org",
      email: "sam@example.org",
      isStaff: false,
      isSuperuser: false,
      roles: [],
      permissions: [],
    });
  });

  it("refreshes without a database, and has no refresh tokens in its schema", async () => {
    const { token } = await client().auth.tokenAuth.mutate({ username: "nora@example.org", password: PASSWORD });
    clock.advance(60);
    try {
      const query = "mutation ($token: String) { refreshToken(token: $token) { payload } }";
      const { body } = await ask(query, {}, { token });
      const payload = { email: "nora@example.org", exp: 1704067560, origIat: 1704067200 };
      expect(body.data).to.deep.equal({ refreshToken: { payload } });
      expect(await client().auth.refreshToken.mutate({ token })).to.deep.include({ payload });
    } finally {
      clock.advance(-60);
    }
    const revoked = client().auth.revokeToken.mutate({ refreshToken: token });
    expect(await revoked.catch(refusal)).to.deep.equal(["Invalid refresh token", "INVALID_REFRESH_TOKEN", 401]);
    const { body } = await ask(`{ __type(name: "Refresh") { fields { name } } }`, await bearer("nora@example.org"));
    expect(body.data).to.deep.equal({
      __type: { fields: [{ name: "token" }, { name: "payload" }, { name: "refreshExpiresIn" }] },
    });
  });

  describe("@Authorized and authorized", () => {
    const cases: readonly {
      readonly title: string;
      readonly field: string;
      readonly call: (trpc: ReturnType<typeof client>) => Promise<unknown>;
      /** What ran, for each who may; undefined for those who may not. */
      readonly ran: Readonly<Record<"nora" | "sam" | "root", string | undefined>>;
      readonly anonymous?: string;
    }[] = [
      {
        title: "without a rule admit every user",
        field: "{ ownRecipes { title } }",
        call: (trpc) => trpc.recipes.own.query(),
        ran: { nora: "of north", sam: "of south", root: "of none" },
      },
      {
        title: "with a permission admit those who have it, and superusers",
        field: `mutation { renameRecipe(title: "Bread", to: "Bread") { title } }`,
        call: (trpc) => trpc.recipes.rename.mutate({ title: "Bread", to: "Bread" }),
        ran: { nora: "rename by nora@example.org", sam: undefined, root: "rename by root@example.org" },
      },
      {
        title: "with a predicate on the arguments admit those it answers true for",
        field: `{ recipesOf(kitchen: "south") { title } }`,
        call: (trpc) => trpc.recipes.of.query({ kitchen: "south" }),
        ran: { nora: undefined, sam: "of south", root: "of south" },
      },
      {
        title: "are not asked where they are not written",
        field: "{ recipes { title } }",
        call: (trpc) => trpc.recipes.all.query(),
        ran: { nora: "all by nora@example.org", sam: "all by sam@example.org", root: "all by root@example.org" },
        anonymous: "all by anybody",
      },
    ];

    for (const { title, field, call, ran, anonymous } of cases) {
      it(`${title}, over GraphQL`, async () => {
        for (const [name, expected] of [...Object.entries(ran), ["", anonymous] as const]) {
          const { status, body } = await ask(field, name ? await bearer(`${name}@example.org`) : {});
          const code = name ? "FORBIDDEN" : "UNAUTHENTICATED";
          expect(status).to.equal(200);
          expect(recipes.calls.splice(0)).to.deep.equal(expected === undefined ? [] : [expected]);
          if (expected !== undefined) expect(body.errors).to.equal(undefined);
          else expect(body.errors?.[0]).to.deep.include({ message: DENIED, extensions: { code } });
        }
      });

      it(`${title}, over tRPC`, async () => {
        for (const [name, expected] of [...Object.entries(ran), ["", anonymous] as const]) {
          const outcome = await call(client(name ? await bearer(`${name}@example.org`) : {})).catch(refusal);
          const refused = name ? ["FORBIDDEN", 403] : ["UNAUTHENTICATED", 401];
          expect(recipes.calls.splice(0)).to.deep.equal(expected === undefined ? [] : [expected]);
          if (expected === undefined) expect(outcome).to.deep.equal([DENIED, ...refused]);
        }
      });
    }

    it("decide on a field by the object that it belongs to, and leave the rest of the answer alone", async () => {
      const { status, body } = await ask("{ recipes { title secretIngredient } }", await bearer("sam@example.org"));
      expect(status).to.equal(200);
      expect(body.data).to.deep.equal({
        recipes: [
          { title: "Bread", secretIngredient: null },
          { title: "Soup", secretIngredient: "lovage" },
        ],
      });
      expect(body.errors).to.deep.equal([
        {
          message: DENIED,
          locations: [{ line: 1, column: 19 }],
          path: ["recipes", 0, "secretIngredient"],
          extensions: { code: "FORBIDDEN" },
        },
      ]);
      expect(recipes.calls).to.deep.equal(["all by sam@example.org", "secret of Soup"]);
    });

    it("see each change of a user at the next request", async () => {
      await members.add({ email: "gone@example.org", kitchen: "north", permissions: ["recipes.edit"] }, PASSWORD);
      const headers = await bearer("gone@example.org");
      members.change("gone@example.org", { permissions: [] });
      const outcome = await client(headers).recipes.rename.mutate({ title: "Bread", to: "Rolls" }).catch(refusal);
      expect(outcome).to.deep.equal([DENIED, "FORBIDDEN", 403]);
      expect(recipes.calls).to.deep.equal([]);
    });
  });

  describe("answers a bad token with 401 before anything runs", () => {
    const bad = { authorization: "Bearer not.a.token" };
    const answer = {
      errors: [
        {
          message: "Invalid token",
          code: "unauthorized",
          hint: "Either use Valid Token or make requests without token.",
        },
      ],
    };

    for (const path of ["/graphql", "/nowhere"]) {
      it(`on ${path}`, async () => {
        const { status, headers, body } = await post(`${host.url}${path}`, { query: "{ recipes { title } }" }, bad);
        expect(status).to.equal(401);
        expect(headers.get("www-authenticate")).to.equal('Bearer error="invalid_token"');
        expect(JSON.parse(body)).to.deep.equal(answer);
        expect(recipes.calls).to.deep.equal([]);
      });
    }

    it("in an envelope that tRPC's client can read, for every call of a batch", async () => {
      const trpc = client(bad);
      const outcomes = await Promise.all([
        trpc.recipes.all.query().catch(refusal),
        trpc.auth.me.query().catch(refusal),
      ]);
      expect(outcomes).to.deep.equal([
        ["Invalid token", "INVALID_TOKEN", 401],
        ["Invalid token", "INVALID_TOKEN", 401],
      ]);
      expect(recipes.calls).to.deep.equal([]);
    });

    it("and says so when it has expired", async () => {
      const headers = await bearer("nora@example.org");
      clock.advance(300);
      try {
        expect(await client(headers).auth.me.query().catch(refusal)).to.deep.equal([
          "Token expired",
          "TOKEN_EXPIRED",
          401,
        ]);
      } finally {
        clock.advance(-300);
      }
    });
  });

  it("lets only users see the schema, although documents are remembered", async () => {
    const query = `{ __type(name: "Recipe") { name } }`;
    const known = await ask(query, await bearer("sam@example.org"));
    expect(known.body).to.deep.equal({ data: { __type: { name: "Recipe" } } });
    const anonymous = await ask(query);
    expect(anonymous.status).to.equal(400);
    expect(anonymous.body.errors?.map(({ extensions }) => extensions?.code)).to.include("INTROSPECTION_DISABLED");
    expect((await ask("{ recipes { __typename title } }")).body.errors).to.equal(undefined);
  });

  it("shows nothing of the host's own errors, and tells the host", async () => {
    const headers = await bearer("nora@example.org");
    const { body } = await ask(`mutation { renameRecipe(title: "Cake", to: "Pie") { title } }`, headers);
    expect(body.errors?.[0]).to.deep.include({
      message: "Internal server error",
      extensions: { code: "INTERNAL_SERVER_ERROR" },
    });
    expect(internalErrors.splice(0)).to.have.deep.nested.property(
      "[0].message",
      "there is no Cake in the table recipe",
    );
    const outcome = await client(headers).recipes.rename.mutate({ title: "Cake", to: "Pie" }).catch(refusal);
    expect(outcome).to.deep.equal(["Internal server error", "INTERNAL_SERVER_ERROR", 500]);
  });

  it("answers a body that is too large, and lives on", async () => {
    const { status, body } = await post(`${host.url}/graphql`, { query: `{ me { id } } #${"x".repeat(5_000_000)}` });
    expect(status).to.equal(413);
    expect(JSON.parse(body)).to.deep.equal({
      errors: [{ message: "The request body is too large", extensions: { code: "PAYLOAD_TOO_LARGE" } }],
    });
    expect((await ask("{ me { id } }")).body).to.deep.equal({ data: { me: null } });
  });

  describe("when its users cannot be looked up", () => {
    afterEach(() => void (members.failure = undefined));

    const failures = [
      {
        error: new ServiceUnavailableError(),
        answer: ["The service is temporarily unavailable, please try again", "SERVICE_UNAVAILABLE", 503],
        retryAfter: "1",
      },
      {
        error: new Error("10.0.0.7 is away"),
        answer: ["Internal server error", "INTERNAL_SERVER_ERROR", 500],
        retryAfter: null,
      },
    ];
    for (const { error, answer, retryAfter } of failures) {
      it(`answers ${answer[2]} to a ${error.name}`, async () => {
        const token = await bearer("nora@example.org");
        members.failure = error;
        const [message, code, status] = answer;
        const { headers, ...overGraphql } = await ask("{ me { id } }", token);
        expect(overGraphql).to.deep.equal({ status, body: { errors: [{ message, extensions: { code } }] } });
        expect(headers.get("retry-after")).to.equal(retryAfter);
        expect(await client(token).auth.me.query().catch(refusal)).to.deep.equal(answer);
        // Each face tells the log of it once: neither is the client's doing.
        expect(internalErrors.splice(0)).to.deep.equal([error, error]);
      });
    }
  });
});

/** Message, code and HTTP status of what a tRPC call was refused with. */
function refusal(error: unknown): [string, string | undefined, number | undefined] {
  if (!(error instanceof TRPCClientError)) throw error;
  const data = error.data as { errorCode?: string; httpStatus?: number } | null;
  return [error.message, data?.errorCode, data?.httpStatus];
}
