import { expect } from "chai";
import { buildSchema, graphql, GraphQLScalarType, type GraphQLObjectType } from "graphql";
import { GenericScalar } from "../../src/graphql/generic-scalar.js";

const schema = buildSchema(
  "scalar GenericScalar enum E { A } type Query { echo(value: GenericScalar): GenericScalar }",
);
Object.assign(schema.getType("GenericScalar") as GraphQLScalarType, GenericScalar.toConfig());
const echo = (schema.getQueryType() as GraphQLObjectType).getFields()["echo"];
if (echo) echo.resolve = (_root, { value }: { value?: unknown }) => value;

describe("GenericScalar", () => {
  const VALUES: [literal: string, value: unknown][] = [
    ['"text"', "text"],
    ["5", 5],
    ["-0.5", -0.5],
    ["true", true],
    ["null", null],
    ["[1, [2], null]", [1, [2], null]],
    ['{ a: { b: "c" } }', { a: { b: "c" } }],
    ["A", "A"],
  ];
  for (const [literal, value] of VALUES) {
    it(`is any JSON value: ${literal}`, async () => {
      const asLiteral = await graphql({ schema, source: `{ echo(value: ${literal}) }` });
      expect(JSON.parse(JSON.stringify(asLiteral))).to.deep.equal({ data: { echo: value } });
      const source = "query($value: GenericScalar) { echo(value: $value) }";
      const asVariable = await graphql({ schema, source, variableValues: { value } });
      expect(JSON.parse(JSON.stringify(asVariable))).to.deep.equal({ data: { echo: value } });
    });
  }

  it("takes variables within a literal", async () => {
    const source = "query($x: GenericScalar) { echo(value: { a: [$x] }) }";
    const answer = await graphql({ schema, source, variableValues: { x: { b: 1 } } });
    expect(JSON.parse(JSON.stringify(answer))).to.deep.equal({ data: { echo: { a: [{ b: 1 }] } } });
  });
});
