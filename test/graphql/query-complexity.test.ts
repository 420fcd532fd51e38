import { expect } from "chai";
import { parse, type OperationDefinitionNode } from "graphql";
import { Arg, buildSchema, Field, InterfaceType, Int, ObjectType, Query, Resolver } from "type-graphql";
import { type AuthContext, createAuth, createGraphQLHandler, type GraphQLHandler } from "../../src/index.js";
import { QueryComplexity } from "../../src/graphql/query-complexity.js";
import { SECRET_KEY } from "../support/forge.js";

/** Calls of `complexity` functions and of resolvers. */
const calls: string[] = [];

@InterfaceType("Named")
abstract class Named {
  @Field(() => String)
  name!: string;

  @Field(() => String, { complexity: 2, nullable: true })
  photo?: string;
}

@ObjectType("Cake", { implements: Named })
class Cake implements Named {
  @Field(() => String)
  name!: string;

  @Field(() => String, { complexity: 50, nullable: true })
  photo?: string;

  @Field(() => [Cake], { complexity: 10 })
  layers!: Cake[];

  @Field(() => String, { complexity: 0 })
  free!: string;
}

const pages = (estimate: (first: unknown, below: number) => unknown) => ({
  complexity({ args, childComplexity }: { args: Record<string, unknown>; childComplexity: number }): number {
    calls.push("complexity");
    return estimate(args["first"], childComplexity) as number;
  },
});

@Resolver()
class CakeResolver {
  @Query(() => Cake, { nullable: true })
  cake(): Cake | null {
    calls.push("cake");
    return null;
  }

  @Query(() => Named, { nullable: true })
  named(): Cake | null {
    return null;
  }

  @Query(() => [Cake], pages((first, below) => (first as number) * below))
  cakes(@Arg("first", () => Int, { nullable: true, defaultValue: 10 }) _first: number): Cake[] {
    calls.push("cakes");
    return [];
  }

  @Query(() => [Cake], pages((first, below) => (first as number) * below))
  undecided(@Arg("first", () => Int, { nullable: true }) _first?: number): Cake[] {
    calls.push("undecided");
    return [];
  }

  @Query(() => String, {
    nullable: true,
    complexity: (): number => {
      throw new Error("a mistake of the host");
    },
  })
  mistaken(): string {
    calls.push("mistaken");
    return "";
  }
}

const schema = await buildSchema({
  resolvers: [CakeResolver],
  orphanedTypes: [Cake],
  authChecker: () => false,
  validate: false,
});

function cost(query: string, variables?: Record<string, unknown>): number {
  const document = parse(query);
  return new QueryComplexity(schema).of(document, document.definitions[0] as OperationDefinitionNode, variables);
}

describe("the complexity of a query", () => {
  beforeEach(() => calls.splice(0));

  const costs: readonly [name: string, query: string, cost: number, variables?: Record<string, unknown>][] = [
    ["1 for a field that says nothing", "{ cake { name } }", 2],
    ["what the field says, and what is below it", "{ cake { layers { name } } }", 12],
    ["0 for a field that is free", "{ cake { free } }", 1],
    ["that of each alias", "{ a: cake { name } b: cake { name } }", 4],
    ["1 for __typename", "{ __typename cake { __typename } }", 3],
    ["that of introspection, field by field", "{ __schema { types { name } } }", 3],
    [
      "that of a fragment at each spread",
      "{ a: cake { ...F } b: cake { ...F } } fragment F on Cake { layers { name } }",
      24,
    ],
    ["that of an inline fragment", "{ cake { ... { ... on Cake { layers { name } } } } }", 12],
    ["the highest of the types that an interface may be", "{ named { photo } }", 51],
    ["the same in a fragment on the interface", "{ named { ...F } } fragment F on Named { photo }", 51],
    ["that of the type that a fragment names", "{ named { ... on Cake { layers { name } } } }", 12],
    ["what a function makes of an argument", "{ cakes(first: 7) { name layers { name } } }", 7 * 12],
    ["what it makes of a default", "{ cakes { name } }", 10],
    ["what it makes of a variable", "query($n: Int) { cakes(first: $n) { name } }", 33, { n: 33 }],
    ["what it makes of a variable's default", "query($n: Int = 5) { cakes(first: $n) { name } }", 5],
    ["0, not less: nothing pays for the fields beside it", "{ cakes(first: -1000) { name } cake { name } }", 2],
    ["more than any limit, if a function answers no number", "{ undecided { name } }", Number.POSITIVE_INFINITY],
  ];
  for (const [name, query, expected, variables] of costs) {
    it(`is ${name}`, () => expect(cost(query, variables)).to.equal(expected));
  }

  it("is counted in one walk, however often fragments are spread", () => {
    const count = 60;
    const fragments = Array.from({ length: count }, (_, i) => {
      const next = i + 1 < count ? `...F${i + 1}` : "name";
      return `fragment F${i} on Cake { a: layers { ${next} } b: layers { ${next} } }`;
    });
    // 2 ** 60 fields, of which each costs 10.
    expect(cost(`{ cake { ...F0 } } ${fragments.join(" ")}`)).to.be.above(1e19);
  });

  it("is counted once for a document, unless it depends on variables", () => {
    const complexity = new QueryComplexity(schema);
    const count = (query: string, values: readonly Record<string, unknown>[]) => {
      calls.length = 0;
      const document = parse(query);
      const [operation] = document.definitions as [OperationDefinitionNode];
      return [values.map((variables) => complexity.of(document, operation, variables)), calls.length];
    };
    expect(count("{ cakes(first: 3) { name } }", [{}, {}, {}])).to.deep.equal([[3, 3, 3], 1]);
    expect(count("query($n: Int) { cakes(first: $n) { name } }", [{ n: 2 }, { n: 9 }])).to.deep.equal([[2, 9], 2]);
  });
});

describe("the setting queryComplexityLimit", () => {
  let handle: GraphQLHandler;
  let context: AuthContext;
  before(async () => {
    const users = { findByNaturalKey: async () => null, checkPassword: async () => false };
    const settings = { queryComplexityLimit: 20 };
    const auth = await createAuth({ users, secretKey: SECRET_KEY, settings });
    context = await auth.context({ headers: {} });
    handle = createGraphQLHandler(schema);
  });
  beforeEach(() => calls.splice(0));

  async function ask(query: string, variables: object = {}) {
    const logged: unknown[] = [];
    const request = { method: "POST", url: "/graphql", headers: { "content-type": "application/json" } };
    const onServerError = (error: unknown) => void logged.push(error);
    const { status, body } = await handle({
      request,
      body: JSON.stringify({ query, variables }),
      context,
      onServerError,
    });
    return { status, body: JSON.parse(body) as unknown, logged };
  }

  const refused = {
    status: 400,
    body: { errors: [{ message: "The query is more complex than 20.", extensions: { code: "QUERY_TOO_COMPLEX" } }] },
    logged: [],
  };

  it("admits what costs as much, and runs nothing of what costs more", async () => {
    expect(await ask("{ cakes(first: 20) { name } }")).to.deep.include({ status: 200, body: { data: { cakes: [] } } });
    calls.length = 0;
    expect(await ask("{ cake { name } cakes(first: 19) { name } }")).to.deep.equal(refused);
    expect(calls).to.deep.equal(["complexity"]);
  });

  it("looks at the variables of each request, also of a document that it knows", async () => {
    const query = "query($n: Int) { cakes(first: $n) { name } }";
    for (const n of [20, 21, 20, 1000]) {
      calls.length = 0;
      const answer = await ask(query, { n });
      if (n <= 20) expect(answer.status).to.equal(200);
      else expect(answer).to.deep.equal(refused);
      expect(calls.includes("cakes")).to.equal(n <= 20);
    }
  });

  it("looks at the operation that is named alone", async () => {
    const query = "query A { cake { name } } query B { cakes(first: 21) { name } }";
    const request = { method: "POST", url: "/graphql", headers: { "content-type": "application/json" } };
    const onServerError = (error: unknown) => expect.fail(String(error));
    for (const [operationName, status] of [
      ["A", 200],
      ["B", 400],
    ] as const) {
      const answer = await handle({ request, body: JSON.stringify({ query, operationName }), context, onServerError });
      expect(answer.status).to.equal(status);
    }
  });

  it("leaves variables that do not fit to the execution, and runs nothing", async () => {
    const answer = await ask("query($n: Int) { cakes(first: $n) { name } }", { n: "many" });
    expect(answer).to.deep.include({ status: 400, logged: [] });
    expect(JSON.stringify(answer.body)).to.include('Variable \\"$n\\" got invalid value \\"many\\"');
    expect(calls).not.to.include("cakes");
  });

  it("refuses what a function gives no number for", async () => {
    expect(await ask("{ undecided { name } }")).to.deep.equal(refused);
    expect(calls).to.deep.equal(["complexity"]);
  });

  it("answers 500 and logs where a function throws, and runs nothing", async () => {
    const { status, body, logged } = await ask("{ mistaken }");
    expect(status).to.equal(500);
    expect(body).to.deep.equal({
      errors: [{ message: "Internal server error", extensions: { code: "INTERNAL_SERVER_ERROR" } }],
    });
    expect(logged.map(String)).to.deep.equal(["Error: a mistake of the host"]);
    expect(calls).to.deep.equal([]);
  });
});
