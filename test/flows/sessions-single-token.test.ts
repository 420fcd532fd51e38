import { expect } from "chai";
import { refusal, withToken } from "../support/faces.js";
import { graphql } from "../support/http.js";
import { testContext } from "../support/test-context.js";

describe("sessions, where there are none", () => {
  const context = testContext({ JWT_PROFILE: "documented" });

  for (const operation of [
    "query { sessions { id } }",
    'mutation { revokeSession(id: "x") { revoked } }',
    "mutation { revokeOtherSessions { count } }",
    "mutation { revokeAllSessions { count } }",
  ]) {
    it(`GraphQL does not know ${operation}`, async () => {
      const { token } = await context.login();
      const { status, body } = await graphql(`${context.url}/graphql`, operation, {}, withToken(token));
      expect(status).to.equal(400);
      expect(body.errors).to.have.length(1);
      expect(body.errors?.[0]?.message).to.match(/^Cannot query field "\w+" on type "(Query|Mutation)"/);
    });
  }

  it("tRPC answers that it needs refresh tokens, to those who are logged in", async () => {
    const { token } = await context.login();
    const { trpc } = context;
    const message = "This operation needs long-running refresh tokens";
    const unsupported = refusal(trpc, "NOT_SUPPORTED", message, 501);
    expect(await trpc.sessions({}, withToken(token))).to.deep.equal(unsupported);
    expect(await trpc.revokeSession({ id: "x" }, withToken(token))).to.deep.equal(unsupported);
    expect(await trpc.revokeOtherSessions(withToken(token))).to.deep.equal(unsupported);
    expect(await trpc.revokeAllSessions({}, withToken(token))).to.deep.equal(unsupported);
    expect(await trpc.sessions({})).to.include({ code: "UNAUTHENTICATED" });
  });
});
