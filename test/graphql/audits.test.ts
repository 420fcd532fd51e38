import { expect } from "chai";
import { serverAudits } from "graphql-http";
import { testContext } from "../support/test-context.js";

/** A fetch for the audits of graphql-http, as whoever is to be audited. */
type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

function audit(url: () => string, fetchFn: Fetch): void {
  for (const { id, name, fn } of serverAudits({ url, fetchFn })) {
    it(`${id}: ${name}`, async () => {
      const result = await fn();
      const reason = "reason" in result ? result.reason : "";
      expect(result.status, reason).to.equal("ok");
    });
  }
}

describe("GraphQL over HTTP for an anonymous client", () => {
  // Some audits ask for `__type`, which the hardened profile keeps from anonymous clients.
  const context = testContext({ JWT_PROFILE: "documented" });
  audit(() => `${context.url}/graphql`, fetch);
});

describe("GraphQL over HTTP for an authenticated client, in the hardened profile", () => {
  const context = testContext();
  let authorization = "";
  before(async () => {
    authorization = `JWT ${(await context.login()).token}`;
  });
  const authenticated: Fetch = (url, init) => {
    const headers = new Headers(init?.headers);
    headers.set("authorization", authorization);
    return fetch(url, { ...init, headers });
  };
  audit(() => `${context.url}/graphql`, authenticated);
});
