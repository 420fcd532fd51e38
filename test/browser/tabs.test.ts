import { expect } from "chai";
import { chromium } from "../support/chromium.js";
import { testContext } from "../support/test-context.js";
import { until } from "../support/until.js";
import { logIn, pathsOf, visit, type Visit } from "./visit.js";

const REFRESH = "/trpc/auth.refreshToken";

for (const [mode, environment] of [
  ["with tokens in the header", {}],
  ["with cookies", { JWT_COOKIES: "true", JWT_HIDE_TOKEN_FIELDS: "true" }],
] as const) {
  describe(`two tabs ${mode}`, function () {
    this.timeout(60_000);
    const context = testContext(environment);
    const browser = chromium();
    let tabs: [Visit, Visit];
    let user: string;

    beforeEach(async () => {
      ({ username: user } = await context.createUser());
      const shared = await browser.context();
      const first = await visit(shared, context.url);
      await logIn(first, user);
      const second = await visit(shared, context.url);
      await second.page.getByText(`Logged in as ${user}`).waitFor();
      tabs = [first, second];
      for (const { page } of tabs) await page.getByText("this one").waitFor();
      for (const { requests } of tabs) requests.length = 0;
      context.forget();
    });

    /** Lets time pass, for the server and for the device. */
    async function pass(seconds: number): Promise<void> {
      context.clock.advance(seconds);
      await both(({ page }) => page.clock.setSystemTime(Date.now() + seconds * 1000));
    }

    const both = <T>(act: (visited: Visit) => Promise<T>) => Promise.all(tabs.map(act));
    const allPaths = () => tabs.flatMap(({ requests }) => pathsOf(requests));

    it("refresh at once with one request, and both go on", async () => {
      await pass(3600);
      await both(({ page }) => page.getByRole("button", { name: "Refresh" }).click());
      await both(({ page }) => page.getByText("The list is up to date.").waitFor());
      expect(allPaths().filter((path) => path === REFRESH)).to.have.lengthOf(1);
      expect(context.eventNames).to.deep.equal(["refreshTokenRotated", "tokenRefreshed"]);
      await both(({ page }) => page.getByText("this one").waitFor());
    });

    it("refresh one after the other with two requests, each with the token of the one before", async () => {
      for (const [index, { page }] of tabs.entries()) {
        await pass(3600 * (index + 1));
        await page.getByRole("button", { name: "Refresh" }).click();
        await page.getByText("The list is up to date.").waitFor();
      }
      expect(allPaths().filter((path) => path === REFRESH)).to.have.lengthOf(2);
      expect(context.eventNames).to.not.include("refreshTokenReplayed");
      expect(await context.sessionsOf(user)).to.have.lengthOf(1);
    });

    it("are both logged out by one, without a request of the other", async () => {
      const [first, second] = tabs;
      await first.page.getByRole("button", { name: "Log out" }).click();
      await second.page.getByText("Logged out in another tab.").waitFor();
      await second.page.getByRole("button", { name: "Log in" }).waitFor();
      expect(pathsOf(second.requests)).to.deep.equal([]);
      await first.page.getByText("Logged out.").waitFor();
      // The page says so before the server has answered.
      await until(async () => (await context.sessionsOf(user)).every(({ revoked }) => revoked !== null));
    });

    it("are both logged in by one", async () => {
      const [first, second] = tabs;
      await first.page.getByRole("button", { name: "Log out" }).click();
      await second.page.getByRole("button", { name: "Log in" }).waitFor();
      const { username } = await context.createUser();
      await logIn(second, username);
      await first.page.getByText(`Logged in as ${username}`).waitFor();
    });
  });
}
