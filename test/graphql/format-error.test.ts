import { expect } from "chai";
import { buildSchema, execute, GraphQLError, parse } from "graphql";
import { ForbiddenError, ServiceUnavailableError } from "../../src/errors.js";
import { formatError } from "../../src/graphql/format-error.js";

const schema = buildSchema("type Query { a(b: Int! = 1): Int }");

/** What a client is shown, and the log is told, of what a resolver throws or answers. */
async function shown(a: () => unknown, query = "{ a }", variableValues: Record<string, unknown> = {}) {
  const { errors = [] } = await execute({ schema, document: parse(query), rootValue: { a }, variableValues });
  const told: unknown[] = [];
  const [error] = errors.map((one) => formatError(one, (cause) => told.push(cause)));
  return { code: error?.extensions.code, message: error?.message, told };
}

function throwing(error: unknown) {
  return () => {
    throw error;
  };
}

describe("formatError", () => {
  it("shows our own errors, and tells the log of those that are ours to mend", async () => {
    const forbidden = { code: "FORBIDDEN", message: new ForbiddenError().message, told: [] };
    expect(await shown(throwing(new ForbiddenError()))).to.deep.equal(forbidden);
    const unavailable = new ServiceUnavailableError();
    const { message } = unavailable;
    expect(await shown(throwing(unavailable))).to.deep.equal({
      code: "SERVICE_UNAVAILABLE",
      message,
      told: [unavailable],
    });
  });

  it("shows nothing of any other error", async () => {
    const error = new Error("SELECT password");
    const internal = { code: "INTERNAL_SERVER_ERROR", message: "Internal server error" };
    expect(await shown(throwing(error))).to.deep.equal({ ...internal, told: [error] });
    expect(await shown(throwing("SELECT password"))).to.include(internal);
  });

  it("shows a GraphQLError, which was written for the client, with its code alone", async () => {
    const error = new GraphQLError("Out of tea", { extensions: { code: "TEAPOT", secret: 1 } });
    expect(await shown(throwing(error))).to.deep.equal({ code: "TEAPOT", message: "Out of tea", told: [] });
  });

  it("shows nothing of one without a code, nor of an answer that is not of its type, and tells the log", async () => {
    const internal = { code: "INTERNAL_SERVER_ERROR", message: "Internal server error" };
    const error = new GraphQLError("Out of tea");
    expect(await shown(throwing(error))).to.deep.equal({ ...internal, told: [error] });
    const { told, ...answered } = await shown(() => "no number");
    expect(answered).to.deep.equal(internal);
    expect(told).to.have.length(1);
  });

  it("calls an argument that does not fit the client's doing", async () => {
    const { code, told } = await shown(() => 1, "query ($b: Int = 1) { a(b: $b) }", { b: null });
    expect({ code, told }).to.deep.equal({ code: "BAD_USER_INPUT", told: [] });
  });

  it("cuts a message to what a person reads", async () => {
    const { message } = await shown(throwing(new GraphQLError("x".repeat(2000), { extensions: { code: "LONG" } })));
    expect(message).to.equal(`${"x".repeat(1000)}…`);
  });
});
