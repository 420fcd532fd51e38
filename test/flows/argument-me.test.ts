import { httpBatchLink, httpBatchStreamLink, httpLink } from "@trpc/client";
import { expect } from "chai";
import { outcomeOf, trpcClient } from "../support/faces.js";
import { graphql } from "../support/http.js";
import { NOW, testContext, type TestContext } from "../support/test-context.js";

/** Tokens that are not accepted, and what their field is told. */
const BAD: Readonly<
  Record<string, [token: (context: TestContext) => string | Promise<string>, message: string, code: string]>
> = {
  garbage: [() => "garbage", "Error decoding signature", "INVALID_TOKEN"],
  "an empty text": [() => "", "Error decoding signature", "INVALID_TOKEN"],
  "another algorithm": [
    (context) => context.token({ username: "alice" }, { header: { alg: "HS512" }, hash: "sha512" }),
    "Invalid token",
    "INVALID_TOKEN",
  ],
  "an expired token": [
    (context) => context.token({ username: "alice", exp: NOW - 1 }),
    "Signature has expired",
    "TOKEN_EXPIRED",
  ],
  "a token without a username": [(context) => context.token({}), "Invalid payload", "INVALID_PAYLOAD"],
  "a token of a disabled user": [
    async (context) => context.token({ username: (await context.createUser({ isActive: false })).username }),
    "User is disabled",
    "USER_DISABLED",
  ],
};

const LINKS = [httpLink, httpBatchLink, httpBatchStreamLink];

describe("per-argument authentication of me", () => {
  const context = testContext({
    JWT_PROFILE: "documented",
    JWT_ALLOW_ARGUMENT: "true",
    JWT_VERIFY_EXPIRATION: "true",
  });
  const QUERY =
    "query ($a: String, $b: String) { viewerA: me(token: $a) { username } viewerB: me(token: $b) { username } me { username } }";

  function ask(variables: Record<string, unknown>, header?: string) {
    const headers = header === undefined ? {} : { authorization: `JWT ${header}` };
    return graphql(`${context.url}/graphql`, QUERY, variables, headers);
  }

  describe("over GraphQL", () => {
    it("gives each field the user of its own token, and the others that of the header", async () => {
      const [a, b, c] = [await context.login(), await context.login(), await context.login()];
      const viewers = { viewerA: { username: a.username }, viewerB: { username: b.username } };
      expect((await ask({ a: a.token, b: b.token })).body).to.deep.equal({ data: { ...viewers, me: null } });
      expect((await ask({ a: a.token, b: b.token }, c.token)).body).to.deep.equal({
        data: { ...viewers, me: { username: c.username } },
      });
    });

    it("takes null, and no argument, for the header's", async () => {
      const { username, token } = await context.login();
      const me = { username };
      expect((await ask({ a: null }, token)).body).to.deep.equal({ data: { viewerA: me, viewerB: me, me } });
    });

    it("is anonymous with a token of an unknown user, whatever the header", async () => {
      const { username, token } = await context.login();
      const a = context.token({ username: "ghost" });
      expect((await ask({ a }, token)).body).to.deep.equal({
        data: { viewerA: null, viewerB: { username }, me: { username } },
      });
    });

    for (const [name, [token, message, code]] of Object.entries(BAD)) {
      it(`fails in that field only: ${name}`, async () => {
        const { username, token: good } = await context.login();
        const { status, body } = await ask({ a: await token(context), b: good }, good);
        expect(status).to.equal(200);
        expect(body).to.deep.equal({
          data: { viewerA: null, viewerB: { username }, me: { username } },
          errors: [{ message, locations: [{ line: 1, column: 34 }], path: ["viewerA"], extensions: { code } }],
        });
      });
    }

    it("does not save a request whose header is bad", async () => {
      const { token } = await context.login();
      expect((await ask({ a: token }, "garbage")).status).to.equal(401);
    });

    it("is no way around the type of the argument", async () => {
      const { status, body } = await ask({ a: 5 });
      expect([status, body.errors?.[0]?.extensions?.code]).to.deep.equal([400, "BAD_USER_INPUT"]);
    });

    it("never mixes users, in 200 parallel queries with different pairs", async function () {
      const logins = await Promise.all(Array.from({ length: 12 }, () => context.login()));
      const pick = (index: number) => logins[index % logins.length] ?? expect.fail("there are logins");
      const answers = await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const [a, b, c] = [pick(index), pick(index * 5 + 1), pick(index * 7 + 2)];
          const { body } = await ask({ a: a.token, b: b.token }, index % 3 === 0 ? undefined : c.token);
          const me = index % 3 === 0 ? null : { username: c.username };
          return [body, { data: { viewerA: { username: a.username }, viewerB: { username: b.username }, me } }];
        }),
      );
      for (const [answer, expected] of answers) expect(answer).to.deep.equal(expected);
    });
  });

  for (const link of LINKS) {
    describe(`over tRPC, ${link.name}`, () => {
      const me = (input?: Record<string, unknown>, header?: string) => {
        const headers = header === undefined ? {} : { authorization: `JWT ${header}` };
        return trpcClient(link({ url: `${context.url}/trpc`, headers })).auth.me.query(input as Record<string, string>);
      };

      it("gives each call the user of its own token, and the others that of the header, in one batch", async () => {
        const [a, b, c] = [await context.login(), await context.login(), await context.login()];
        const headers = { authorization: `JWT ${c.token}` };
        const client = trpcClient(link({ url: `${context.url}/trpc`, headers }));
        const users = await Promise.all([
          client.auth.me.query({ token: a.token }),
          client.auth.me.query(),
          client.auth.me.query({ token: b.token }),
          client.auth.me.query({ token: context.token({ username: "ghost" }) }),
          client.auth.me.query({ token: null as never }),
        ]);
        const names = users.map((user) => user?.username ?? null);
        expect(names).to.deep.equal([a.username, c.username, b.username, null, c.username]);
      });

      for (const [name, [token, message, code]] of Object.entries(BAD)) {
        it(`fails in that call only: ${name}`, async () => {
          const { username, token: good } = await context.login();
          const bad = await token(context);
          const client = trpcClient(link({ url: `${context.url}/trpc` }));
          const [refused, accepted] = await Promise.all([
            outcomeOf(client.auth.me.query({ token: bad })),
            outcomeOf(client.auth.me.query({ token: good })),
          ]);
          expect(refused).to.include({ message, code });
          expect(accepted).to.have.nested.property("data.username", username);
        });
      }

      const inputs: [name: string, input: Record<string, unknown>, message: string][] = [
        ["another name", { tokn: "x" }, "tokn is not an argument"],
        ["two names", { token: null, input: {}, user: "x" }, "input is not an argument; user is not an argument"],
        ["a name of every object", { constructor: "x" }, "constructor is not an argument"],
        ["a number", { token: 5 }, "token must be a string"],
        ["a list", { token: ["x"] }, "token must be a string"],
      ];
      for (const [name, input, message] of inputs) {
        it(`refuses ${name}, as GraphQL does`, async () => {
          const { token } = await context.login();
          const outcome = await outcomeOf(me(input, token));
          expect(outcome).to.include({ code: "BAD_USER_INPUT", message });
        });
      }

      it("refuses an input that is no object", async () => {
        for (const input of ["x", ["x"], 5]) {
          const outcome = await outcomeOf(me(input as never));
          expect(outcome).to.include({ code: "BAD_USER_INPUT", message: "The input must be an object" });
        }
      });
    });
  }
});

describe("per-argument authentication under another name", () => {
  const context = testContext({
    JWT_PROFILE: "documented",
    JWT_ALLOW_ARGUMENT: "true",
    JWT_ARGUMENT_NAME: "credential",
  });

  it("takes the token there and nowhere else", async () => {
    const { token, username } = await context.login();
    const ask = (name: string) =>
      graphql(`${context.url}/graphql`, `query ($t: String) { me(${name}: $t) { username } }`, { t: token });
    expect((await ask("credential")).body).to.deep.equal({ data: { me: { username } } });
    const { status, body } = await ask("token");
    expect(status).to.equal(400);
    expect(body.errors?.[0]?.message).to.equal('Unknown argument "token" on field "Query.me".');
    const client = trpcClient(httpLink({ url: `${context.url}/trpc` }));
    expect((await client.auth.me.query({ credential: token }))?.username).to.equal(username);
    const outcome = await outcomeOf(client.auth.me.query({ token }));
    expect(outcome).to.deep.equal({ code: "BAD_USER_INPUT", message: "token is not an argument", status: 400 });
  });
});

describe("per-argument authentication where the setting is off", () => {
  const context = testContext({ JWT_PROFILE: "documented" });

  it("has no argument in GraphQL", async () => {
    const { token } = await context.login();
    const query = `{ me(token: "${token}") { username } }`;
    const { status, body } = await graphql(`${context.url}/graphql`, query);
    expect(status).to.equal(400);
    expect(body).to.deep.equal({
      errors: [
        {
          message: 'Unknown argument "token" on field "Query.me".',
          locations: [{ line: 1, column: 6 }],
          extensions: { code: "GRAPHQL_VALIDATION_FAILED" },
        },
      ],
    });
  });

  for (const link of LINKS) {
    it(`has none in tRPC, ${link.name}: another user's token must not be overlooked`, async () => {
      const { token } = await context.login();
      const other = await context.login();
      const headers = { authorization: `JWT ${other.token}` };
      const client = trpcClient(link({ url: `${context.url}/trpc`, headers }));
      const outcome = await outcomeOf(client.auth.me.query({ token }));
      expect(outcome).to.include({ code: "BAD_USER_INPUT", message: "token is not an argument" });
      expect((await client.auth.me.query({}))?.username).to.equal(other.username);
    });
  }
});
