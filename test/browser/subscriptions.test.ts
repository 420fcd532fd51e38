import { expect } from "chai";
import { chromium } from "../support/chromium.js";
import { dataOf, withToken } from "../support/faces.js";
import { testContext } from "../support/test-context.js";
import { until } from "../support/until.js";
import { logIn, openGraphiql, visit, type Visit } from "./visit.js";

const QUERY = "subscription { sessionEvents { type reason } }";

for (const [mode, environment] of [
  ["with tokens in the header", {}],
  ["with cookies", { JWT_COOKIES: "true", JWT_HIDE_TOKEN_FIELDS: "true" }],
] as const) {
  describe(`subscriptions on the page, ${mode}`, function () {
    this.timeout(60_000);
    const context = testContext(environment);
    const browser = chromium();
    const size = () => context.server.application.auth.connections.size;
    let user: string;
    let visited: Visit;

    beforeEach(async () => {
      ({ username: user } = await context.createUser());
      visited = await visit(await browser.context(), context.url);
      await logIn(visited, user);
    });
    afterEach(async () => {
      await browser.closeContexts();
      await until(() => size() === 0);
    });

    /** As another device does it. */
    async function logOutThere(): Promise<void> {
      const { service } = context.server.application.auth;
      const { token } = await service.tokenAuth({ username: user, password: "s3cret-Passw0rd" });
      dataOf(await context.trpc.revokeOtherSessions(withToken(token)));
    }

    async function runInGraphiql(): Promise<void> {
      await openGraphiql(visited);
      const { page } = visited;
      await page.locator(".graphiql-query-editor .view-lines").click();
      await page.keyboard.press("Control+A");
      await page.keyboard.insertText(QUERY);
      await page.keyboard.press("Control+Enter");
      await until(() => size() === 1);
    }

    it("are followed by GraphiQL, which is told of a logout elsewhere", async () => {
      await runInGraphiql();
      await logOutThere();
      const answer = visited.page.locator(".graphiql-response");
      await answer.getByText('"LOGGED_OUT"').waitFor();
      await answer.getByText('"REVOKED"').waitFor();
      await visited.page.getByRole("button", { name: /^Execute query/ }).waitFor();
      expect(visited.complaints).to.deep.equal([]);
    });

    it("are left at once when GraphiQL is stopped", async () => {
      await runInGraphiql();
      await visited.page.getByRole("button", { name: /^Stop query/ }).click();
      await until(() => size() === 0);
      await visited.page.getByRole("button", { name: /^Execute query/ }).waitFor();
      expect(visited.complaints).to.deep.equal([]);
    });

    it("are followed in the list of procedures, until either side ends them", async () => {
      const { page } = visited;
      await page.getByRole("tab", { name: "tRPC" }).click();
      await page.getByText("auth.sessionEvents", { exact: true }).click();
      await page.getByRole("button", { name: "Follow" }).click();
      await page.getByText("Following auth.sessionEvents.").waitFor();
      expect(size()).to.equal(1);
      await page.getByRole("button", { name: "Stop" }).click();
      await page.getByText("auth.sessionEvents has ended.").waitFor();
      await until(() => size() === 0);

      await page.getByRole("button", { name: "Follow" }).click();
      await until(() => size() === 1);
      await logOutThere();
      const told = page.getByRole("region", { name: "What auth.sessionEvents tells" });
      await told.filter({ hasText: '"reason":"REVOKED"' }).waitFor();
      await page.getByRole("button", { name: "Follow" }).waitFor();
      expect(visited.complaints).to.deep.equal([]);
    });
  });
}

describe("subscriptions on the page, of nobody", function () {
  this.timeout(60_000);
  const context = testContext({ JWT_AUTHENTICATE_INTROSPECTION: "false" });
  const browser = chromium();

  it("say why they end", async () => {
    const { page } = await visit(await browser.context(), context.url, "#trpc");
    await page.getByText("auth.sessionEvents", { exact: true }).click();
    await page.getByRole("button", { name: "Follow" }).click();
    await page.getByText("UNAUTHENTICATED: You do not have permission to perform this action").waitFor();
  });
});
