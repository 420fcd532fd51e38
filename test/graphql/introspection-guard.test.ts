import { expect } from "chai";
import { graphql } from "../support/http.js";
import { testContext } from "../support/test-context.js";

/** Introspection in every disguise, and the fields that the refusals name. */
const INTROSPECTION: Record<string, string[]> = {
  "{ __schema { queryType { name } } }": ["__schema", "queryType"],
  '{ __type(name: "UserType") { name } }': ["__type"],
  "{ s: __schema { types { n: name } } }": ["__schema", "types"],
  "{ ...F } fragment F on Query { __schema { types { name } } }": ["__schema", "types"],
  "{ __schema { ...F } } fragment F on __Schema { types { fields { name } } }": ["__schema", "types", "fields"],
  '{ ... on Query { ... { __type(name: "Query") { kind } } } }': ["__type", "kind"],
  "query Q { __schema @include(if: false) { description } }": ["__schema"],
  "query($i: Boolean = false) { __typename @skip(if: $i) __schema @include(if: $i) { description } }": ["__schema"],
  "query A { __typename } query B { __schema { description } }": ["__schema"],
  "{ me { id } __schema { description } }": ["__schema"],
  '{ __schema { directives { name args { type { name } } } } __type(name: "Query") { name } }': [
    "__schema",
    "directives",
    "args",
    "type",
    "__type",
  ],
};

function refusal(field: string): string {
  return `GraphQL introspection has been disabled, but the requested query contained the field "${field}".`;
}

describe("the introspection guard", () => {
  const context = testContext(); // The hardened profile has it on.
  let authorization = "";

  before(async () => {
    authorization = `JWT ${(await context.login()).token}`;
  });

  const anonymous = (query: string) => graphql(`${context.url}/graphql`, query);
  const authenticated = (query: string) => graphql(`${context.url}/graphql`, query, {}, { authorization });

  async function expectRefused(query: string, fields: readonly string[]): Promise<void> {
    const { status, body } = await anonymous(query);
    expect(status).to.equal(400);
    expect(body).to.have.all.keys("errors");
    expect(body.errors?.map(({ message }) => message)).to.deep.equal(fields.map(refusal));
    for (const { extensions } of body.errors ?? [])
      expect(extensions).to.deep.equal({ code: "INTROSPECTION_DISABLED" });
  }

  async function expectAnswered(query: string): Promise<void> {
    if (query.startsWith("query A")) return; // Several operations, none of them named: nothing to run.
    const { status, body } = await authenticated(query);
    expect(status).to.equal(200);
    expect(body.errors).to.equal(undefined);
  }

  for (const [query, fields] of Object.entries(INTROSPECTION)) {
    describe(query, () => {
      it("is refused to anonymous clients after it was answered to an authenticated one, and the other way round", async () => {
        await expectAnswered(query);
        await expectRefused(query, fields);
        await expectAnswered(query);
        await expectRefused(query, fields);
      });

      it("is answered to an authenticated client after it was refused to an anonymous one", async () => {
        const fresh = `${query} # another text, which is in no cache`;
        await expectRefused(fresh, fields);
        await expectAnswered(fresh);
        await expectRefused(fresh, fields);
      });
    });
  }

  it("answers 200 to a client that accepts application/json alone", async () => {
    const query = "{ __schema { description } }";
    const { status, body } = await graphql(`${context.url}/graphql`, query, {}, { accept: "application/json" });
    expect(status).to.equal(200);
    expect(body.errors?.[0]?.message).to.equal(refusal("__schema"));
    expect(body).not.to.have.property("data");
  });

  for (const [query, data] of [
    ["{ __typename }", { __typename: "Query" }],
    ["mutation { __typename }", { __typename: "Mutation" }],
    ["{ t: __typename me { __typename } }", { t: "Query", me: null }],
  ] as const) {
    it(`lets an anonymous client ask ${query}`, async () => {
      expect(await anonymous(query)).to.deep.include({ status: 200, body: { data } });
    });
  }

  it("runs nothing of a query that it refuses", async () => {
    const { username } = await context.createUser();
    const login = `tokenAuth(username: "${username}", password: "wrong") { token __typename }`;
    await anonymous(`mutation A { ${login} } query B { __schema { description } }`);
    expect(context.hasher.runs).to.equal(0);
    expect(context.events).to.deep.equal([]);
  });

  /** Mistakes in names, what anonymous clients are told of them, and the suggestion that others get beside it. */
  const MISTAKES: [query: string, message: string, suggestion: string][] = [
    ["{ mee { id } }", 'Cannot query field "mee" on type "Query".', ' Did you mean "me"?'],
    ["{ me { usernam } }", 'Cannot query field "usernam" on type "UserType".', ' Did you mean "username"?'],
    ["mutation { tokenAut }", 'Cannot query field "tokenAut" on type "Mutation".', ' Did you mean "tokenAuth"?'],
    [
      'mutation { verifyToken(tokn: "") { payload } }',
      'Unknown argument "tokn" on field "Mutation.verifyToken".',
      ' Did you mean "token"?',
    ],
    ["{ ... on Quer { me { id } } }", 'Unknown type "Quer".', ' Did you mean "Query"?'],
    ["query($a: Strin) { __typename }", 'Unknown type "Strin".', ' Did you mean "String"?'],
  ];
  for (const [query, message, suggestion] of MISTAKES) {
    it(`keeps the names of the schema from anonymous clients: ${query}`, async () => {
      for (const [ask, expected] of [
        [authenticated, message + suggestion],
        [anonymous, message],
        [authenticated, message + suggestion],
      ] as const) {
        const { status, body } = await ask(query);
        expect(status).to.equal(400);
        expect(body.errors?.[0]?.message).to.equal(expected);
      }
    });
  }
});

describe("without authenticateIntrospection", () => {
  const context = testContext({ JWT_PROFILE: "documented" });

  it("anonymous clients may introspect, and get suggestions", async () => {
    const { status, body } = await graphql(`${context.url}/graphql`, "{ __schema { queryType { name } } }");
    expect(status).to.equal(200);
    expect(body.data).to.deep.equal({ __schema: { queryType: { name: "Query" } } });
    const mistaken = await graphql(`${context.url}/graphql`, "{ mee { id } }");
    expect(mistaken.body.errors?.[0]?.message).to.equal('Cannot query field "mee" on type "Query". Did you mean "me"?');
  });

  it("introspection with a bad token ends with 401, before GraphQL", async () => {
    const headers = { authorization: "JWT garbage" };
    const { status, body } = await graphql(`${context.url}/graphql`, "{ __schema { description } }", {}, headers);
    expect(status).to.equal(401);
    expect(body.errors?.[0]).to.include({ message: "Invalid token", code: "unauthorized" });
  });
});
