import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import * as fc from "fast-check";
import {
  buildSchema,
  type DocumentNode,
  execute,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
  type OperationDefinitionNode,
  parse,
  responsePathAsArray,
  validate,
} from "graphql";
import { executePlan } from "../../src/graphql/execute-plan.js";
import type { QueryPlan } from "../../src/graphql/execution.js";
import { planOf } from "../../src/graphql/query-plan.js";

const TYPES = `
  scalar Any
  enum Color { RED GREEN }
  interface Named { name: String }
  type Other implements Named { name: String }
  type Node {
    node(x: Int = 3, s: String, c: Color): Node
    exact(n: Int!, a: Any, c: Color = RED): Node
    must: Node!
    list: [Node]
    strict: [Node!]!
    text: String
    count: Int!
    color: Color
    any: Any
    names: [String!]
    named: Named
  }
`;
const FIELDS = TYPES.slice(TYPES.indexOf("type Node {") + "type Node {".length, TYPES.lastIndexOf("}"));
const SCHEMA = `${TYPES} type Query { ${FIELDS} } type Mutation { ${FIELDS} } type Subscription { text: String }`;

interface CallSeen {
  readonly path: unknown;
  readonly source: unknown;
  readonly args: unknown;
  readonly info: readonly unknown[];
}

/** A schema whose resolvers do something else at each place, and the same again at the same place. */
function unreliableSchema(seed: number, calls: CallSeen[]): GraphQLSchema {
  const schema = buildSchema(SCHEMA);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      field.resolve = (source, args, _context, info) => {
        const path = responsePathAsArray(info.path);
        calls.push({ path, source, args, info: shownInfo(info) });
        return outcome(info.fieldName, hash(`${seed} ${path.join(".")}`));
      };
    }
  }
  return schema;
}

function shownInfo(info: GraphQLResolveInfo): readonly unknown[] {
  const { fieldName, fieldNodes, returnType, parentType, path, fragments, rootValue, operation, variableValues } = info;
  const types = [String(returnType), parentType.name];
  return [fieldName, fieldNodes, ...types, path, Object.keys(fragments), rootValue, operation, { ...variableValues }];
}

/** Mostly what fits, and everything else that a resolver can do. */
function outcome(field: string, chance: number): unknown {
  const good = goodValue(field, chance);
  const kinds: (() => unknown)[] = [
    () => null,
    () => undefined,
    () => new Error("an error as a value"),
    () => {
      throw new Error("thrown");
    },
    () => {
      throw new GraphQLError("written for the client");
    },
    () => Promise.reject(new Error("rejected")),
    () => Promise.resolve(null),
    () => ({ wrong: true }),
    () => Promise.resolve({ wrong: true }),
  ];
  const kind = kinds[chance % 40];
  if (kind) return kind();
  return chance % 2 === 0 ? good : Promise.resolve(good);
}

function goodValue(field: string, chance: number): unknown {
  const items = (item: unknown): unknown[] => {
    const odd = [null, new Error("an item"), Promise.resolve(item), Promise.reject(new Error("an item")), item];
    return Array.from({ length: chance % 4 }, (_, index) => (chance % 3 === 0 ? odd[(chance + index) % 5] : item));
  };
  const values: Readonly<Record<string, () => unknown>> = {
    text: () => "text",
    count: () => chance % 3,
    color: () => "RED",
    any: () => ({ a: [chance] }),
    names: () => items("name"),
    list: () => items({ id: chance }),
    strict: () => new Set(items({ id: chance })),
  };
  return values[field]?.() ?? { id: chance };
}

function hash(text: string): number {
  let value = 7;
  for (const character of text) value = (value * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return value;
}

const WITH_ARGUMENTS = [
  "node(x: $x, s: $s)",
  "node(c: GREEN)",
  "node(s: $s, c: $c)",
  "exact(n: $n, a: $a)",
  "exact(n: $n, c: $c)",
  "exact(n: 3, a: $a)",
];

/** What is asked for: fields without a selection, or with one. */
const { selection } = fc.letrec<{ selection: string; field: string }>((tie) => ({
  selection: fc
    .uniqueArray(tie("field"), { minLength: 1, maxLength: 4, selector: (text) => text.split(/[^\w]/)[0] })
    .map((fields) => `{ ${fields.join(" ")} }`),
  field: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom("text", "count", "color", "any", "names", "__typename", "t: text", "then: count", "__proto__: any"),
    fc
      .tuple(fc.constantFrom("node", "must", "list", "strict", "n: node", ...WITH_ARGUMENTS), tie("selection"))
      .map(([name, below]) => `${name} ${below}`),
  ),
}));

const variables = fc.constantFrom<Record<string, unknown> | null>(
  null,
  { x: 1, s: "text" },
  { x: null },
  { x: "no number" },
  { s: { a: 1 } },
  { s: "a", other: 1 },
  { x: 1, s: "text", n: 2, a: { b: [null] }, c: "GREEN" },
  { s: "text", n: 2, c: "NONE" },
  { s: "text", n: null },
  { s: "text", n: 1, a: null, c: null, x: undefined },
  { s: "text", n: 1.5, a: undefined },
  { s: "text", n: 1, list: [1, 2] },
  JSON.parse('{ "s": "text", "n": 1, "__proto__": 2 }') as Record<string, unknown>,
);

/** How the operation declares them. */
const declarations = fc.constantFrom(
  "$x: Int, $s: String, $n: Int! = 1, $a: Any, $c: Color",
  "$x: Int = 4, $s: String!, $n: Int!, $a: Any, $c: Color = RED",
  "$x: Int, $s: String!, $n: Int!, $a: Any, $c: Color!",
  "$x: Int, $s: String, $n: Int!, $a: Any, $c: Color, $list: [Int!]",
  "$x: Int, $s: String, $n: Int!, $a: Any, $c: Color, $__proto__: Int",
);

describe("planned execution", () => {
  it("is graphql-js' execution, whatever is asked for and whatever resolvers do", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.constantFrom("query", "mutation"),
        selection,
        declarations,
        variables,
        async (seed, kind, selected, declared, given) => {
          const document = parse(`${kind} Named(${declared}) ${selected} query Other { text }`);
          const operation = getOperationAST(document, "Named") as OperationDefinitionNode;
          const [theirCalls, ourCalls]: CallSeen[][] = [[], []];
          const theirs = unreliableSchema(seed, theirCalls as CallSeen[]);
          const ours = unreliableSchema(seed, ourCalls as CallSeen[]);
          const expected = await execute({
            schema: theirs,
            document,
            operationName: "Named",
            variableValues: given,
            contextValue: {},
          });
          const args = { variableValues: given, contextValue: {} };
          const actual = await executePlan(planned(ours, document, operation), args);
          expect(shown(actual)).to.deep.equal(shown(expected));
          // Where a field has failed, the answer is there before all others are done.
          await setImmediate();
          expect(sorted(ourCalls as CallSeen[])).to.deep.equal(sorted(theirCalls as CallSeen[]));
          if (kind === "mutation") {
            const roots = (calls: CallSeen[]) => calls.map(({ path }) => (path as unknown[])[0]);
            expect(firsts(roots(ourCalls as CallSeen[]))).to.deep.equal(firsts(roots(theirCalls as CallSeen[])));
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  /** Operations with something in them that is graphql-js' own to execute. */
  const UNPLANNED = [
    "{ __schema { queryType { name } } }",
    '{ __type(name: "Node") { name } }',
    "{ text @skip(if: true) }",
    "query @include(if: true) { text }",
    "{ ...F } fragment F on Query { text }",
    "{ ... on Query { text } }",
    "{ ... { text } }",
    "{ text text }",
    "{ a: text a: text }",
    "{ node { text } node { count } }",
    "{ named { name } }",
    "{ node { node { named { __typename } } } }",
    "subscription { text }",
  ];
  for (const query of UNPLANNED) {
    it(`leaves ${query} to graphql-js`, () => {
      const schema = buildSchema(SCHEMA);
      const document = parse(query);
      const operation = getOperationAST(document) as OperationDefinitionNode;
      expect(planOf(schema, document, operation)).to.equal(null);
      if (!query.includes("@include")) expect(validate(schema, document)).to.deep.equal([]);
    });
  }

  it("leaves a type that checks its values to graphql-js", () => {
    const schema = buildSchema(SCHEMA);
    const type = schema.getType("Node");
    if (isObjectType(type)) type.isTypeOf = () => true;
    const document = parse("{ node { text } }");
    expect(planOf(schema, document, getOperationAST(document) as OperationDefinitionNode)).to.equal(null);
  });

  it("calls each resolver once, the one that fails too", async () => {
    const calls: CallSeen[] = [];
    const schema = unreliableSchema(1, calls);
    const document = parse("mutation { a: count b: count c: text }");
    const operation = getOperationAST(document) as OperationDefinitionNode;
    const failing = schema.getMutationType()?.getFields()["count"];
    let runs = 0;
    if (failing) {
      failing.resolve = () => {
        runs += 1;
        throw new Error("thrown");
      };
    }
    const { data, errors } = await executePlan(planned(schema, document, operation), { contextValue: {} });
    expect({ data, errors: errors?.length, runs, others: calls.length }).to.deep.equal({
      data: null,
      errors: 1,
      runs: 1,
      others: 0,
    });
  });
});

function planned(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): QueryPlan {
  const plan = planOf(schema, document, operation);
  if (!plan) throw new Error("it is graphql-js' to execute");
  return plan;
}

/** A result as clients and the log see it. The order of errors of fields that run at the same time is nobody's promise. */
function shown({ data, errors }: ExecutionResult): unknown {
  const described = errors?.map(({ message, path, locations, originalError }) => ({
    // What graphql-js says of a value that a type made nothing of repeats the value; nobody but the log sees it.
    message: message.replace(/^Expected `[^]*` to return non-nullable value[^]*/, "nothing"),
    path,
    locations,
    original: originalError && [originalError.constructor.name, originalError.message],
  }));
  return { data: JSON.stringify(data), errors: described && sorted(described) };
}

function sorted<T>(values: readonly T[]): T[] {
  return values.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Each value where it stands first. */
function firsts(values: readonly unknown[]): unknown[] {
  return [...new Set(values)];
}
