import { expect } from "chai";
import { buildSchema, getIntrospectionQuery, type GraphQLSchema } from "graphql";
import { Documents } from "../../src/graphql/documents.js";
import { JwtSettings } from "../../src/index.js";
import type { QueryLimits } from "../../src/graphql/query-limits.js";

const schema = buildSchema(`
  type Dish { name: String, like: Dish, unlike: Dish, sides: [Dish] }
  type Query { dish: Dish, open: String }
`);

const { queryDepthLimit, queryAliasLimit, queryTokenLimit } = new JwtSettings();
const DEFAULTS: QueryLimits = { queryDepthLimit, queryAliasLimit, queryTokenLimit };

function refusals(query: string, limits: Partial<QueryLimits> = {}, of: GraphQLSchema = schema): readonly string[] {
  const result = new Documents(of, { ...DEFAULTS, ...limits }).get(query, "may-introspect");
  if ("document" in result) return [];
  return result.errors.map(({ message, extensions }) => `${String(extensions["code"])}: ${message}`);
}

const REPEATS = "QUERY_TOO_COMPLEX: The query repeats fields or fragments too often.";
const TOO_DEEP = "QUERY_TOO_COMPLEX: The query is deeper than 3 fields.";
const TOO_MANY_ALIASES = "QUERY_TOO_COMPLEX: The query has more than 2 aliases.";

describe("the depth of a query", () => {
  for (const [name, allowed, refused] of [
    ["in its fields", "{ dish { like { name } } }", "{ dish { like { like { name } } } }"],
    [
      "in a fragment",
      "{ dish { ...A } } fragment A on Dish { like { name } }",
      "{ dish { ...A } } fragment A on Dish { like { like { name } } }",
    ],
    [
      "in fragments of fragments, whatever their order",
      "{ ...A } fragment B on Dish { like { name } } fragment A on Query { dish { ...B } }",
      "{ ...A } fragment C on Dish { like { name } } fragment B on Dish { like { ...C } } fragment A on Query { dish { ...B } }",
    ],
    [
      "in inline fragments, which are no fields",
      "{ ... { dish { ... on Dish { like { ... { name } } } } } }",
      "{ dish { ... on Dish { like { ... on Dish { like { name } } } } } }",
    ],
    [
      "in the second spread of a fragment",
      "{ dish { ...A like { name } } } fragment A on Dish { like { name } }",
      "{ dish { ...A like { ...A } } } fragment A on Dish { like { name } }",
    ],
    [
      "in any of several operations",
      "query A { dish { name } } query B { open }",
      "query A { open } query B { dish { like { like { name } } } }",
    ],
    ["in introspection", "{ __schema { types { name } } }", "{ __schema { types { fields { name } } } }"],
    [
      "in introspection by fragments",
      "{ __schema { ...S } } fragment S on __Schema { types { name } }",
      "{ __schema { ...S } } fragment S on __Schema { types { ...T } } fragment T on __Type { fields { name } }",
    ],
  ] as const) {
    it(`counts ${name}`, () => {
      expect(refusals(allowed, { queryDepthLimit: 3 })).to.deep.equal([]);
      expect(refusals(refused, { queryDepthLimit: 3 })).to.deep.equal([TOO_DEEP]);
      expect(refusals(refused, { queryDepthLimit: 4 })).to.deep.equal([]);
    });
  }

  it("counts what directives leave out", () => {
    const query = "{ dish { like { like @include(if: false) { name } } } }";
    expect(refusals(query, { queryDepthLimit: 3 })).to.deep.equal([TOO_DEEP]);
  });
});

describe("the aliases of a query", () => {
  for (const [name, allowed, refused] of [
    ["of its root fields", "{ a: open b: open open }", "{ a: open b: open c: open }"],
    ["that are no other names", "{ open: open b: open }", "{ open: open b: open c: open }"],
    ["of fields below others", "{ dish { a: name } b: open }", "{ a: dish { b: like { c: name } } }"],
    [
      "of a fragment at each of its spreads",
      "{ dish { ...A like { ...A } } } fragment A on Dish { a: name }",
      "{ dish { ...A like { ...A like { ...A } } } } fragment A on Dish { a: name }",
    ],
    [
      "in one operation of several",
      "query A { a: open b: open } query B { c: open }",
      "query A { a: open b: open c: open } query B { open }",
    ],
  ] as const) {
    it(`are those ${name}`, () => {
      expect(refusals(allowed, { queryAliasLimit: 2 })).to.deep.equal([]);
      expect(refusals(refused, { queryAliasLimit: 2 })).to.deep.equal([TOO_MANY_ALIASES]);
      expect(refusals(refused, { queryAliasLimit: 3 })).to.deep.equal([]);
    });
  }
});

/** Each fragment spreads the next one twice: 2^count fields, in a text that grows by one line each. */
function bomb(count: number, fields: (next: string) => string): string {
  const fragments = Array.from(
    { length: count },
    (_, i) => `fragment F${i} on Dish { ${fields(i + 1 < count ? `...F${i + 1}` : "name")} }`,
  );
  return `{ dish { ...F0 } } ${fragments.join(" ")}`;
}

describe("a query that is made to cost", () => {
  it("is refused for its aliases although they are more than a number can tell", () => {
    const query = bomb(700, (next) => `a: like { ${next} } b: like { ${next} }`);
    const limits = { queryDepthLimit: 10_000, queryTokenLimit: 100_000 };
    // Of another text it would be too long.
    expect(query.length).to.be.above(32_768);
    const short = bomb(400, (next) => `a:like{${next}}b:like{${next}}`);
    expect(refusals(short, limits)).to.deep.equal(["QUERY_TOO_COMPLEX: The query has more than 100 aliases.", REPEATS]);
  });

  it("is refused for its depth before it is validated, and however often fragments are spread", () => {
    const query = bomb(100, (next) => `like { ${next} } unlike { ${next} }`);
    expect(refusals(query)).to.deep.equal(["QUERY_TOO_COMPLEX: The query is deeper than 20 fields.", REPEATS]);
  });

  for (const [name, query] of [
    ["in itself", "{ dish { ...A } } fragment A on Dish { like { ...A } }"],
    [
      "in another",
      "{ dish { ...A } } fragment A on Dish { like { ...B } } fragment B on Dish { a: name like { ...A } }",
    ],
  ] as const) {
    it(`ends with a fragment ${name}`, () => {
      expect(refusals(query)[0]).to.match(/^undefined: Cannot spread fragment "A" within itself/);
    });
  }

  it("does not exhaust the stack with the longest chain of fragments that there can be", () => {
    const limits = { queryTokenLimit: 10_000, queryDepthLimit: 1_000_000 };
    const nest = (inner: string) => `${"...{".repeat(90)}${inner}${"}".repeat(90)}`;
    const chain = Array.from(
      { length: 35 },
      (_, i) => `fragment F${i} on Query{${nest(i < 34 ? `...F${i + 1}` : "open")}}`,
    );
    expect(refusals(`{...F0}${chain.join("")}`, limits)).to.deep.equal([]);
    const links = Array.from({ length: 1_200 }, (_, i) => `fragment F${i} on Query{...F${i + 1}}`).join("");
    expect(refusals(`{...F0}${links}fragment F1200 on Query{open}`, limits)).to.deep.equal([
      "QUERY_TOO_COMPLEX: The query is longer than 32768 characters.",
    ]);
    const fitting = Array.from({ length: 1_000 }, (_, i) => `fragment F${i} on Query{...F${i + 1}}`).join("");
    expect(refusals(`{...F0}${fitting}fragment F1000 on Query{open}`, limits)).to.deep.equal([REPEATS]);
  });
});

describe("a query whose validation would take time with the square of its length", () => {
  const spreads = (count: number) => Array.from({ length: count }, (_, i) => `...F${i}`).join(" ");
  const fragments = (count: number) =>
    Array.from({ length: count }, (_, i) => `fragment F${i} on Dish{name}`).join(" ");
  for (const [name, allowed, refused] of [
    [
      "fields of one name with others below",
      `{dish{${"like{name} ".repeat(99)}}}`,
      `{dish{${"like{name} ".repeat(101)}}}`,
    ],
    ["the same in fragments", `{dish{${"...{like{name}} ".repeat(99)}}}`, `{dish{${"...{like{name}} ".repeat(101)}}}`],
    ["one leaf again and again", `{dish{${"name ".repeat(100)}}}`, `{dish{${"name ".repeat(102)}}}`],
    ["many fragments", `{dish{${spreads(100)}}} ${fragments(100)}`, `{dish{${spreads(101)}}} ${fragments(101)}`],
  ] as const) {
    it(`is refused: ${name}`, () => {
      expect(refusals(allowed)).to.deep.equal([]);
      expect(refusals(refused)).to.deep.equal([REPEATS]);
    });
  }

  it("is not one that asks for the same fields in many places", () => {
    const fields = Array.from({ length: 100 }, (_, i) => `a${i}: like { __typename name }`).join(" ");
    expect(refusals(`{ dish { ${fields} } }`)).to.deep.equal([]);
  });
});

describe("the limits by default", () => {
  it("let the whole introspection query of graphql-js and GraphiQL pass", () => {
    const everything = {
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    };
    expect(refusals(getIntrospectionQuery(everything))).to.deep.equal([]);
    expect(refusals(getIntrospectionQuery())).to.deep.equal([]);
  });
});
