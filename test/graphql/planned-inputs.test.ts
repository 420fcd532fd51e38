import { expect } from "chai";
import {
  buildSchema,
  type FieldNode,
  getArgumentValues,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  parse,
} from "graphql";
import { planArguments, planVariables, quickInputs } from "../../src/graphql/planned-inputs.js";

/*
 * Whatever is coerced here is compared with graphql-js' own in planned-execution.test.ts. Here: that usual inputs are not
 * left to graphql-js, and that unusual ones are.
 */

const schema = buildSchema(`
  enum Color { RED GREEN }
  input Point { x: Int }
  type Query { field(text: String!, number: Int, limit: Int = 10, color: Color, point: Point): String }
`);

function operationOf(declared: string, given = ""): OperationDefinitionNode {
  const [operation] = parse(`query ${declared} { field${given} }`).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error("no operation");
  return operation;
}

describe("planned variables", () => {
  const DECLARED = "($text: String!, $number: Int, $color: Color)";

  const RIGHT: Readonly<Record<string, unknown>>[] = [
    { text: "a", number: 1, color: "GREEN" },
    { text: "a" },
    { text: "", number: null, color: null },
    { text: "a", another: true },
  ];
  for (const given of RIGHT) {
    it(`coerces ${JSON.stringify(given)} as graphql-js does`, () => {
      const operation = operationOf(DECLARED);
      const expected = getVariableValues(schema, operation.variableDefinitions ?? [], given);
      expect(quickInputs(planVariables(schema, operation) ?? [], given)).to.deep.equal(expected.coerced);
      expect(expected.errors).to.equal(undefined);
    });
  }

  for (const given of [{}, { text: null }, { text: 1 }, { text: "a", number: 1.5 }, { text: "a", color: "BLUE" }]) {
    it(`leaves ${JSON.stringify(given)} to graphql-js, which refuses it`, () => {
      const operation = operationOf(DECLARED);
      expect(quickInputs(planVariables(schema, operation) ?? [], given)).to.equal(null);
      expect(getVariableValues(schema, operation.variableDefinitions ?? [], given).errors).to.have.length(1);
    });
  }

  it("leaves the default of a variable that is not given to graphql-js", () => {
    const planned = planVariables(schema, operationOf("($number: Int = 5)")) ?? [];
    expect(quickInputs(planned, {})).to.equal(null);
    expect(quickInputs(planned, { number: 2 })).to.deep.equal({ number: 2 });
  });

  for (const declared of ["($point: Point)", "($numbers: [Int])", "($__proto__: Int)", "($none: Nothing)"]) {
    it(`does not plan ${declared}`, () => {
      expect(planVariables(schema, operationOf(declared))).to.equal(null);
    });
  }
});

describe("planned arguments", () => {
  const definition = schema.getQueryType()?.getFields()["field"];
  if (!definition) throw new Error("no field");
  const fieldOf = (given: string) => operationOf("", given).selectionSet.selections[0] as FieldNode;

  it("are the variables that they are given", () => {
    const field = fieldOf("(text: $a, number: $b, limit: $c, color: $d)");
    const variables = { a: "text", b: null, c: 3, d: "RED" };
    const args = quickInputs(planArguments(definition, field) ?? [], variables);
    expect(args).to.deep.equal({ text: "text", number: null, limit: 3, color: "RED" });
    expect(args).to.deep.equal(getArgumentValues(definition, field, variables));
  });

  it("are left out where their variables are", () => {
    const field = fieldOf("(text: $a, number: $b, limit: 1)");
    expect(planArguments(definition, field)).to.equal(null); // A literal is graphql-js' to read.
    const planned = planArguments(definition, fieldOf("(text: $a, number: $b, limit: $c)")) ?? [];
    expect(quickInputs(planned, { a: "text", c: 1 })).to.deep.equal({ text: "text", limit: 1 });
  });

  const LEFT = [{}, { a: null, c: 1 }, { a: undefined, c: 1 }, { a: "text" }];
  for (const variables of LEFT) {
    it(`are left to graphql-js with ${JSON.stringify(variables)}`, () => {
      const planned = planArguments(definition, fieldOf("(text: $a, limit: $c)")) ?? [];
      expect(quickInputs(planned, variables)).to.equal(null);
    });
  }

  it("are not planned where a default stands in for one", () => {
    expect(planArguments(definition, fieldOf("(text: $a)"))).to.equal(null);
  });
});
