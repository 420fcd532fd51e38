import { expect } from "chai";
import { createAuth, createGraphQLHandler } from "../../src/index.js";
import { buildAuthSchema } from "../../src/graphql/schema.js";
import { SECRET_KEY } from "../support/forge.js";

const users = { findByNaturalKey: async () => null, checkPassword: async () => false };

/** What a stream fails with, and what the client is told. */
const FAILURES: readonly [failure: unknown, message: string][] = [
  [undefined, "The body cannot be read"],
  [null, "The body cannot be read"],
  ["a text", "The body cannot be read"],
  [new Error("aborted"), "aborted"],
];

describe("the body of a GraphQL request, as a stream of the host application", () => {
  for (const [failure, message] of FAILURES) {
    it(`is refused when it fails with ${String(failure)}`, async () => {
      const auth = await createAuth({ users, secretKey: SECRET_KEY });
      const handle = createGraphQLHandler(await buildAuthSchema(auth.settings));
      const request = { method: "POST", url: "/graphql", headers: { "content-type": "application/json" } };
      const context = await auth.context(request);
      const told: unknown[] = [];
      const onServerError = (error: unknown) => told.push(error);
      const { status, body } = await handle({ request, body: failing(failure), context, onServerError });
      expect(status).to.equal(400);
      expect(JSON.parse(body)).to.deep.equal({ errors: [{ message, extensions: { code: "BAD_REQUEST" } }] });
      expect(told).to.deep.equal([]);
    });
  }
});

async function* failing(failure: unknown): AsyncGenerator<string> {
  yield '{"query":';
  throw failure;
}
