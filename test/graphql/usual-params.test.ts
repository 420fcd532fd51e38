import { expect } from "chai";
import {
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  json,
  jsonValue,
  oneof,
  record,
  string,
  tuple,
} from "fast-check";
import { parseRequestParams } from "graphql-http";
import { usualParams } from "../../src/graphql/usual-params.js";
import { JSON_TYPES } from "../../src/json-types.js";
import type { RequestInfo } from "../../src/request-info.js";

const JSON_TYPE = "application/json";

function posted(contentType: string | undefined = JSON_TYPE, method = "POST"): RequestInfo {
  return { method, url: "/graphql", headers: { "content-type": contentType } };
}

/** What graphql-http reads: parameters, or what it answers or throws instead. */
async function readByGraphqlHttp({ method = "", url = "", headers }: RequestInfo, body: string): Promise<unknown> {
  const request = { method, url, headers: { "content-type": headers["content-type"] as string }, raw: null };
  try {
    return await parseRequestParams({ ...request, body, context: null });
  } catch (error) {
    return error;
  }
}

describe("usualParams", () => {
  it("reads what clients send", () => {
    const body = { query: "query A { a }", operationName: "A", variables: { b: [1] }, extensions: { c: null } };
    expect(usualParams(posted(), JSON.stringify(body))).to.deep.equal(body);
    expect(usualParams(posted(`${JSON_TYPE}; charset=utf-8`), '{"query":"{ a }"}')?.query).to.equal("{ a }");
  });

  it("reads whatever it admits as graphql-http does, and admits nothing that graphql-http refuses", async () => {
    const member = oneof(jsonValue({ maxDepth: 2 }), constantFrom(null, "", "{ a }", {}, [], { a: 1 }));
    const names = constantFrom("query", "operationName", "variables", "extensions", "__proto__", "other");
    const objects = array(tuple(names, member), { maxLength: 5 }).map(
      (members) => `{${members.map(([name, value]) => `"${name}":${JSON.stringify(value)}`).join(",")}}`,
    );
    const wellFormed = record(
      { query: string(), operationName: member, variables: member },
      { requiredKeys: ["query"] },
    ).map((value) => JSON.stringify(value));
    const bodies = oneof(
      { weight: 4, arbitrary: wellFormed },
      objects,
      json(),
      string(),
      constantFrom("", "null", "[]", '"{}"', "\uFEFF{}"),
    );
    const types = oneof(
      { weight: 4, arbitrary: constantFrom(...JSON_TYPES) },
      constantFrom(undefined, "text/plain", `${JSON_TYPE};x=1`),
    );
    const methods = oneof({ weight: 4, arbitrary: constant("POST") }, constantFrom("GET", "PUT"));
    let admitted = 0;
    await assert(
      asyncProperty(bodies, types, methods, async (body, type, method) => {
        const request = posted(type, method);
        const params = usualParams(request, body);
        if (params === null) return;
        admitted += 1;
        expect(params).to.deep.equal(await readByGraphqlHttp(request, body));
      }),
      { numRuns: 2000 },
    );
    expect(admitted).to.be.greaterThan(50);
  });

  for (const [what, body] of [
    ["no JSON", "{"],
    ["a query that is no text", '{"query":1}'],
    ["no query", "{}"],
    ["variables in a list", '{"query":"{ a }","variables":[]}'],
    ["an operation name that is no text", '{"query":"{ a }","operationName":1}'],
    ["extensions that are a text", '{"query":"{ a }","extensions":"a"}'],
  ] as const) {
    it(`leaves ${what} to graphql-http, which says what is wrong`, async () => {
      expect(usualParams(posted(), body)).to.equal(null);
      expect(await readByGraphqlHttp(posted(), body)).to.be.instanceOf(Error);
    });
  }

  it("leaves a body that the host has parsed to graphql-http", () => {
    expect(usualParams(posted(), { query: "{ a }" })).to.equal(null);
  });
});
