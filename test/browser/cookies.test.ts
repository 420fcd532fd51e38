import type { BrowserContext } from "playwright-core";
import { expect } from "chai";
import { REFRESH_PATHS } from "../../src/server/paths.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { chromium } from "../support/chromium.js";
import { testContext } from "../support/test-context.js";
import { logIn, openGraphiql, visit } from "./visit.js";

/** Everything that a script on the page can read of its own. */
const READABLE = "document.cookie + JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage })";

describe("cookies in a browser", function () {
  this.timeout(60_000);
  const context = testContext({ JWT_COOKIES: "true", JWT_HIDE_TOKEN_FIELDS: "true" });
  const browser = chromium();
  let user: string;
  beforeEach(async () => void ({ username: user } = await context.createUser()));

  /** The values of the two cookies that nobody is to read. */
  async function tokensOf(shared: BrowserContext): Promise<string[]> {
    const cookies = await shared.cookies();
    return cookies.filter(({ name }) => !name.endsWith("csrftoken")).map(({ value }) => value);
  }

  // Chromium takes Secure cookies of this machine without TLS.
  it("are kept as a hardened server sets them", async () => {
    const shared = await browser.context();
    await logIn(await visit(shared, context.url), user);
    const cookies = (await shared.cookies()).map(({ name, httpOnly, secure, sameSite, path }) => {
      return { name, httpOnly, secure, sameSite, path };
    });
    const common = { secure: true, sameSite: "Lax", path: "/" };
    expect(cookies).to.have.deep.members([
      { name: "__Host-csrftoken", httpOnly: false, ...common },
      { name: "__Host-JWT", httpOnly: true, ...common },
      ...REFRESH_PATHS.map((path) => ({ name: "__Secure-JWT-refresh-token", httpOnly: true, ...common, path })),
    ]);
  });

  it("hold tokens that no script can read, and no answer has", async () => {
    const shared = await browser.context();
    const visited = await visit(shared, context.url);
    const { page } = visited;
    const bodies: Promise<string>[] = [];
    page.on("response", (response) => {
      if (!new URL(response.url()).pathname.startsWith("/page/")) bodies.push(response.text());
    });
    await logIn(visited, user);
    const tokens = await tokensOf(shared);
    context.clock.advance(3600);
    await page.clock.setSystemTime(Date.now() + 3_600_000);
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText("The list is up to date.").waitFor();
    expect(context.eventNames).to.include("tokenRefreshed");
    tokens.push(...(await tokensOf(shared)));

    expect(new Set(tokens)).to.have.property("size", 4);
    const texts = [(await page.evaluate(READABLE)) as string, ...(await Promise.all(bodies))];
    expect(texts[0]).to.include("csrftoken").and.include(user);
    expect(texts.length).to.be.above(3);
    for (const token of tokens) {
      expect(token).to.have.length.above(40);
      for (const text of texts) expect(text).to.not.include(token);
    }
    expect(texts.join("\n")).to.not.match(/eyJ[\w-]{10,}\./);
  });

  it("carry the refresh token to where refreshes and logouts go, and nowhere else", async () => {
    const shared = await browser.context();
    const visited = await visit(shared, context.url);
    await logIn(visited, user);
    const requests: Promise<[path: string, cookies: string]>[] = [];
    visited.page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      requests.push(request.allHeaders().then(({ cookie = "" }) => [pathname, cookie]));
    });
    await visited.page.reload();
    await visited.page.getByText("this one").waitFor();
    const answered = visited.page.waitForResponse(/auth\.deleteRefreshTokenCookie/);
    await visited.page.getByRole("button", { name: "Log out" }).click();
    await answered;

    const paths = new Map<boolean, Set<string>>([true, false].map((carried) => [carried, new Set()]));
    for (const [path, cookies] of await Promise.all(requests)) {
      paths.get(cookies.includes("JWT-refresh-token="))?.add(path);
    }
    expect([...(paths.get(true) ?? [])].filter((path) => !REFRESH_PATHS.includes(path))).to.deep.equal([]);
    expect(paths.get(true)).to.include("/trpc/auth.revokeToken");
    expect(paths.get(false)).to.include.members(["/", "/trpc/auth.sessions"]);
  });

  it("log in, survive a reload, and are gone after the logout", async () => {
    const shared = await browser.context();
    const visited = await visit(shared, context.url);
    await logIn(visited, user);
    await visited.page.reload();
    await visited.page.getByText("this one").waitFor();
    await openGraphiql(visited);
    await visited.page.getByRole("button", { name: /^Execute query/ }).click();
    await visited.page.locator(".graphiql-response").getByText(`"${user}"`).waitFor();

    const answered = visited.page.waitForResponse(/auth\.deleteRefreshTokenCookie/);
    await visited.page.getByRole("button", { name: "Log out" }).click();
    await answered;
    expect(await tokensOf(shared)).to.deep.equal([]);
    expect(visited.complaints).to.deep.equal([]);
  });

  it("of a session that was ended elsewhere are noticed at the next request, and the page says so", async () => {
    const shared = await browser.context();
    const visited = await visit(shared, context.url);
    await logIn(visited, user);
    await visited.page.getByText("this one").waitFor();
    const other = await visit(await browser.context(), context.url);
    await logIn(other, user);
    await other.page.getByRole("button", { name: "Log out everywhere else" }).click();
    await other.page.getByRole("dialog").getByRole("button", { name: "Log out everywhere else" }).click();
    await other.page.getByText("One other session was revoked.").waitFor();

    await visited.page.getByRole("button", { name: "Refresh" }).click();
    await visited.page.getByRole("alert").filter({ hasText: "The session of this page is over" }).waitFor();
    await visited.page.getByRole("button", { name: "Log in" }).waitFor();
  });

  it("of a session that was ended elsewhere are noticed by a GraphQL query too, which is answered with 200", async () => {
    const visited = await visit(await browser.context(), context.url);
    const { page } = visited;
    await logIn(visited, user);
    await openGraphiql(visited);
    const rows = context.server.application.dataSource.getRepository(RefreshToken);
    await rows.update({ user }, { revoked: context.clock.now() });
    const answered = page.waitForResponse(/\/graphql$/);
    await page.getByRole("button", { name: /^Execute query/ }).click();
    expect((await answered).status()).to.equal(200);
    await page.getByRole("alert").filter({ hasText: "The session of this page is over" }).waitFor();
  });

  it("that the server takes for expired before the device does are refreshed", async () => {
    const visited = await visit(await browser.context(), context.url);
    await logIn(visited, user);
    await visited.page.getByText("this one").waitFor();
    context.clock.advance(3600);
    await visited.page.getByRole("button", { name: "Refresh" }).click();
    await visited.page.getByText("The list is up to date.").waitFor();
    expect(context.eventNames).to.include("tokenRefreshed");
  });
});
