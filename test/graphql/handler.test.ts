import { expect } from "chai";
import { buildSchema, GraphQLError, type GraphQLObjectType } from "graphql";
import {
  type AuthContext,
  createAuth,
  createGraphQLHandler,
  ForbiddenError,
  ServiceUnavailableError,
} from "../../src/index.js";
import { SECRET_KEY } from "../support/forge.js";

const SDL = `
  enum Color { RED GREEN }
  input Filter { color: Color, nested: Filter }
  type Query {
    dishes(color: Color, filter: Filter): [String]
    fails: String
    failsNotNull: String!
    unavailable: String
    odd: Int
    ours: String
    coded: String
    uncoded: String
  }
`;

const RESOLVERS: Record<string, () => unknown> = {
  dishes: () => ["soup"],
  fails: () => {
    throw new Error("SELECT secret FROM table");
  },
  failsNotNull: () => null,
  unavailable: () => {
    throw new ServiceUnavailableError();
  },
  odd: () => "not a number",
  ours: () => {
    throw new ForbiddenError();
  },
  coded: () => {
    throw new GraphQLError("No such dish", { extensions: { code: "NOT_FOUND", secret: "arguments" } });
  },
  uncoded: () => {
    throw new GraphQLError("secret");
  },
};

const schema = buildSchema(SDL);
for (const [name, resolve] of Object.entries(RESOLVERS)) {
  const field = (schema.getQueryType() as GraphQLObjectType).getFields()[name];
  if (field) field.resolve = resolve;
}

const ALICE = { id: "1", username: "alice", isActive: true };

/** A host application's own schema behind the handler, with the introspection guard on. */
describe("createGraphQLHandler", () => {
  const handle = createGraphQLHandler(schema);
  let anonymous: AuthContext;
  let authenticated: AuthContext;

  before(async () => {
    const users = { findByNaturalKey: async () => ALICE, checkPassword: async () => false };
    const auth = await createAuth({ users, secretKey: SECRET_KEY, settings: { authenticateIntrospection: true } });
    anonymous = await auth.context({ headers: {} });
    authenticated = await auth.context({ headers: {} }, ALICE);
  });

  async function ask(context: AuthContext, query: string, variables: object = {}) {
    const logged: unknown[] = [];
    const headers = { "content-type": "application/json", accept: "application/graphql-response+json" };
    const request = { method: "POST", url: "/graphql", headers };
    const onServerError = (error: unknown) => void logged.push(error);
    const answer = await handle({ request, body: JSON.stringify({ query, variables }), context, onServerError });
    return { status: answer.status, body: JSON.parse(answer.body) as { errors: { message: string }[] }, logged };
  }

  /** Mistakes in values: the message without its suggestion, the suggestion, and the query with variables. */
  const MISTAKES: [message: string, suggestion: string, query: string, variables?: object][] = [
    [
      'Value "GREN" does not exist in "Color" enum.',
      ' Did you mean the enum value "GREEN" or "RED"?',
      "{ dishes(color: GREN) }",
    ],
    ['Field "colr" is not defined by type "Filter".', ' Did you mean "color"?', "{ dishes(filter: { colr: RED }) }"],
    [
      'Variable "$c" got invalid value "GREN"; Value "GREN" does not exist in "Color" enum.',
      ' Did you mean the enum value "GREEN" or "RED"?',
      "query($c: Color) { dishes(color: $c) }",
      { c: "GREN" },
    ],
    [
      'Variable "$f" got invalid value { colr: "RED" }; Field "colr" is not defined by type "Filter".',
      ' Did you mean "color"?',
      "query($f: Filter) { dishes(filter: $f) }",
      { f: { colr: "RED" } },
    ],
  ];
  for (const [message, suggestion, query, variables] of MISTAKES) {
    it(`suggests values to authenticated clients alone: ${query}`, async () => {
      for (const [context, expected] of [
        [authenticated, message + suggestion],
        [anonymous, message],
        [authenticated, message + suggestion],
      ] as const) {
        const { status, body } = await ask(context, query, variables);
        expect(status).to.equal(400);
        expect(body.errors[0]?.message).to.equal(expected);
      }
    });
  }

  it("says nothing of an error that was not written for clients, but to the log", async () => {
    const { status, body, logged } = await ask(anonymous, "{ fails dishes }");
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      data: { fails: null, dishes: ["soup"] },
      errors: [
        {
          message: "Internal server error",
          locations: [{ line: 1, column: 3 }],
          path: ["fails"],
          extensions: { code: "INTERNAL_SERVER_ERROR" },
        },
      ],
    });
    expect((logged[0] as Error).message).to.equal("SELECT secret FROM table");
  });

  for (const [query, cause] of [
    ["{ fails }", "SELECT secret FROM table"],
    ["{ failsNotNull }", "Cannot return null for non-nullable field Query.failsNotNull."],
    ["{ uncoded }", "secret"],
    ["{ odd }", 'Int cannot represent non-integer value: "not a number"'],
  ] as const) {
    it(`answers 500 when there is nothing else to answer: ${query}`, async () => {
      const { status, body, logged } = await ask(anonymous, query);
      expect(status).to.equal(500);
      expect(body).to.have.all.keys("errors");
      expect(body.errors).to.have.length(1);
      expect(body.errors[0]).to.deep.include({
        message: "Internal server error",
        extensions: { code: "INTERNAL_SERVER_ERROR" },
      });
      expect(logged).to.have.length(1);
      expect((logged[0] as Error).message).to.equal(cause);
    });
  }

  for (const [query, message, code] of [
    ["{ ours }", "You do not have permission to perform this action", "FORBIDDEN"],
    ["{ coded }", "No such dish", "NOT_FOUND"],
  ] as const) {
    it(`shows the message and the code of an error that was written for clients, and nothing else: ${query}`, async () => {
      const { status, body, logged } = await ask(anonymous, query);
      expect(status).to.equal(200);
      const path = [query.slice(2, -2)];
      const errors = [{ message, locations: [{ line: 1, column: 3 }], path, extensions: { code } }];
      expect(body).to.deep.equal({ data: { [String(path)]: null }, errors });
      expect(logged).to.deep.equal([]);
    });
  }

  it("answers 503 when the service is unavailable", async () => {
    const { status, body, logged } = await ask(anonymous, "{ unavailable }");
    expect(status).to.equal(503);
    expect(body.errors[0]).to.deep.include({
      message: "The service is temporarily unavailable, please try again",
      extensions: { code: "SERVICE_UNAVAILABLE" },
    });
    expect(logged[0]).to.be.instanceOf(ServiceUnavailableError);
  });
});
