import { expect } from "chai";
import { buildSchema } from "graphql";
import { type DocumentResult, Documents } from "../../src/graphql/documents.js";
import { JwtSettings } from "../../src/index.js";

const schema = buildSchema("type Query { a: String, b(x: [Int]): String }");

function documentOf(result: DocumentResult): object {
  if ("errors" in result) throw new Error(result.errors.join("\n"));
  return result.document;
}

function messagesOf(result: DocumentResult): readonly string[] {
  return "errors" in result ? result.errors.map(({ message }) => message) : [];
}

describe("Documents", () => {
  it("are remembered by their exact text", () => {
    const documents = new Documents(schema, new JwtSettings());
    const first = documentOf(documents.get("{ a }", "may-introspect"));
    expect(documentOf(documents.get("{ a }", "may-introspect"))).to.equal(first);
    expect(documentOf(documents.get("{ a } ", "may-introspect"))).not.to.equal(first);
  });

  it("are remembered for each standing by itself", () => {
    const documents = new Documents(schema, new JwtSettings());
    const query = "{ __schema { description } }";
    const allowed = documentOf(documents.get(query, "may-introspect"));
    expect(messagesOf(documents.get(query, "must-not-introspect"))).to.have.length(1);
    expect(documentOf(documents.get(query, "may-introspect"))).to.equal(allowed);
  });

  it("are forgotten from the oldest on, so that nobody can fill the memory", () => {
    const documents = new Documents(schema, new JwtSettings());
    const first = documentOf(documents.get("{ a }", "may-introspect"));
    let last: object = first;
    const long = (name: string) => `{ ${name}: a } #${"x".repeat(32_000)}`;
    for (const name of ["b", "c", "d", "e", "f"]) last = documentOf(documents.get(long(name), "may-introspect"));
    expect(documentOf(documents.get(long("f"), "may-introspect"))).to.equal(last);
    expect(documentOf(documents.get("{ a }", "may-introspect"))).not.to.equal(first);
  });

  it("are not parsed beyond 32,768 characters", () => {
    const documents = new Documents(schema, new JwtSettings());
    const query = `{ a } #${"x".repeat(32_768 - 7)}`;
    expect(messagesOf(documents.get(query, "may-introspect"))).to.deep.equal([]);
    expect(messagesOf(documents.get(`${query}x`, "may-introspect"))).to.deep.equal([
      "The query is longer than 32768 characters.",
    ]);
  });

  it("are not parsed beyond 2,000 tokens", () => {
    const documents = new Documents(schema, new JwtSettings());
    expect(messagesOf(documents.get(`{ b(x: [${"1 ".repeat(1991)}]) }`, "may-introspect"))).to.deep.equal([]);
    expect(messagesOf(documents.get(`{ b(x: [${"1 ".repeat(1992)}]) }`, "may-introspect"))).to.deep.equal([
      "The query has more than 2000 tokens.",
    ]);
  });
});
