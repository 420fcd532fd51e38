import { expect } from "chai";
import { chromium } from "../support/chromium.js";
import { testContext } from "../support/test-context.js";
import { logIn, visit } from "./visit.js";

describe("the sessions on the page", function () {
  this.timeout(60_000);
  const context = testContext();
  const browser = chromium();
  let user: string;
  beforeEach(async () => void ({ username: user } = await context.createUser()));

  const live = async () => (await context.sessionsOf(user)).filter(({ revoked }) => revoked === null);

  /** Logs in on a device of its own. */
  async function onDevice(userAgent: string) {
    const visited = await visit(await browser.context({ userAgent }), context.url);
    await logIn(visited, user);
    return visited;
  }

  it("are told by their devices, and this one is marked", async () => {
    await onDevice(
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Safari/605.1.15",
    );
    await onDevice("curl/8.14.1");
    const { page } = await onDevice("Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0");
    const rows = page.getByRole("row").filter({ has: page.getByRole("button") });
    await page.getByText("this one").waitFor();
    const names = await rows.allInnerTexts();
    expect(names.map((text) => /^[^\s/]+(?: on \w+)?/.exec(text)?.[0])).to.have.members([
      "Firefox on Linux",
      "Safari on macOS",
      "curl",
    ]);
    expect(await rows.filter({ hasText: "this one" }).innerText()).to.match(/^Firefox on Linux/);
  });

  it("end one by one, and the list follows; the other device says so at its next request", async () => {
    const other = await onDevice("curl/8.14.1");
    const { page } = await onDevice("Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0");
    await page.getByRole("button", { name: "Revoke the session on curl" }).click();
    await page.getByText("The session was revoked.").waitFor();
    expect(await page.getByRole("button", { name: /^Revoke the session/ }).count()).to.equal(1);
    expect(await live()).to.have.lengthOf(1);

    await other.page.getByRole("button", { name: "Refresh" }).click();
    await other.page.getByRole("alert").filter({ hasText: "The session of this page is over" }).waitFor();
    await other.page.getByRole("button", { name: "Log in" }).waitFor();
  });

  it("end everywhere else after a question", async () => {
    await onDevice("curl/8.14.1");
    await onDevice("Wget/1.25");
    const { page } = await onDevice("Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0");
    await page.getByRole("button", { name: "Log out everywhere else" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(await live()).to.have.lengthOf(3);

    await page.getByRole("button", { name: "Log out everywhere else" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Log out everywhere else" }).click();
    await page.getByText("2 other sessions were revoked.").waitFor();
    expect(await live()).to.have.lengthOf(1);
    expect(await page.getByRole("button", { name: "Log out everywhere else" }).count()).to.equal(0);
  });

  it("end with this one, and the page says so", async () => {
    const { page } = await onDevice("curl/8.14.1");
    await page.getByRole("button", { name: "Revoke the session on curl" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Log out" }).click();
    await page.getByText("The session of this page was revoked: you are logged out.").waitFor();
    await page.getByRole("button", { name: "Log in" }).waitFor();
    expect(await live()).to.have.lengthOf(0);
  });
});

describe("the sessions on the page, in single-token mode", function () {
  this.timeout(60_000);
  const context = testContext({ JWT_PROFILE: "documented" });
  const browser = chromium();

  it("are none, and the page says why", async () => {
    const { username } = await context.createUser();
    const visited = await visit(await browser.context(), context.url);
    await logIn(visited, username);
    await visited.page.getByText("This server is in single-token mode: it keeps no sessions.").waitFor();
    expect(visited.complaints).to.deep.equal([]);
  });
});
