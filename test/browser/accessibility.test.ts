import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { chromium } from "../support/chromium.js";
import { PASSWORD, testContext } from "../support/test-context.js";
import { logIn, openGraphiql, visit } from "./visit.js";

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

/** WCAG 2.2 AA, and what axe calls best practice. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** A text of every kind that GraphiQL gives a colour of its own. */
const COLOURFUL = `# comment
query Name($a: Int = 5, $b: [String!]) @skip(if: true) {
  me(name: "text", list: [1.5, ENUM, null], object: { of: $b }) { ... on User { deep { deeper { id } } } }
}`;
const COLOURFUL_VARIABLES = '{ "a": 1.5, "b": ["text", true, null, { "c": { "d": {} } }] }';

/** GraphiQL's own: it has a button that closes a tab within the button that is the tab. Nothing of ours can mend it. */
const KNOWN = /^nested-interactive: li /;

describe("the page for everybody", function () {
  this.timeout(90_000);
  const context = testContext();
  const browser = chromium();
  let axe: string;
  before(async () => {
    axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  });

  /** What is wrong with the page as it is now. */
  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe); // Not as a script of the page: its policy would forbid that.
    const options = JSON.stringify({ runOnly: RULES });
    const found = await page.evaluate(`axe.run(${options})`);
    return (found as { violations: Violation[] }).violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} ${failureSummary}`),
    );
  }

  /** Writes into one of GraphiQL's editors, in place of what is there. */
  async function write(page: Page, editor: string, text: string): Promise<void> {
    await page.getByRole("region", { name: editor }).locator(".view-lines:visible").click();
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.insertText(text);
  }

  const isTooWide = "document.documentElement.scrollWidth > document.documentElement.clientWidth";

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has nothing that axe objects to, ${colorScheme}`, async () => {
      const { username } = await context.createUser();
      await context.loginAgain(username);
      const visited = await visit(await browser.context({ colorScheme }), context.url);
      const { page } = visited;
      expect(await violations(page), "before the login").to.deep.equal([]);
      await page.getByLabel("Username", { exact: true }).fill(username);
      await page.getByLabel("Password", { exact: true }).fill("wrong");
      await page.getByRole("button", { name: "Log in" }).click();
      await page.getByRole("alert").filter({ hasText: "valid credentials" }).waitFor();
      expect(await violations(page), "a refusal").to.deep.equal([]);
      await logIn(visited, username);
      await page.getByText("this one").waitFor();
      expect(await violations(page), "sessions").to.deep.equal([]);
      await page.getByRole("button", { name: "Log out everywhere else" }).click();
      expect(await violations(page), "a question").to.deep.equal([]);
      await page.keyboard.press("Escape");

      await page.getByRole("tab", { name: "tRPC" }).click();
      await page.getByText("auth.tokenAuth").click();
      await page.getByText("auth.me", { exact: true }).click();
      await page.getByRole("form", { name: "auth.me" }).getByRole("button").click();
      await page.getByRole("region", { name: "Answer" }).waitFor();
      expect(await violations(page), "procedures").to.deep.equal([]);
      await openGraphiql(visited);
      await write(page, "Operation Editor", COLOURFUL);
      await write(page, "Variables", COLOURFUL_VARIABLES);
      await page.getByRole("button", { name: /^Execute query/ }).click();
      await page.locator(".graphiql-response .bracket-highlighting-0").first().waitFor();
      await page.locator(".graphiql-editor-tool .bracket-highlighting-0").first().waitFor();
      const found = await violations(page);
      expect(
        found.filter((violation) => !KNOWN.test(violation)),
        "GraphiQL",
      ).to.deep.equal([]);
      expect(found, "what is known of GraphiQL").to.have.lengthOf(1);
    });
  }

  for (const [size, viewport] of [
    ["320 pixels wide", { width: 320, height: 640 }],
    ["at 200 %", { width: 640, height: 400 }],
  ] as const) {
    it(`is not scrolled sideways ${size}`, async () => {
      const { username } = await context.createUser();
      const visited = await visit(await browser.context({ viewport }), context.url);
      const { page } = visited;
      expect(await page.evaluate(isTooWide), "before the login").to.equal(false);
      await logIn(visited, username);
      await page.getByText("this one").waitFor();
      expect(await page.evaluate(isTooWide), "sessions").to.equal(false);
      expect(await page.getByRole("cell").count(), "the table is one, however it is laid out").to.equal(6);
      await page.getByRole("tab", { name: "tRPC" }).click();
      await page.getByText("auth.refreshToken").click();
      expect(await page.evaluate(isTooWide), "procedures").to.equal(false);
      await openGraphiql(visited);
      expect(await page.evaluate(isTooWide), "GraphiQL").to.equal(false);
    });
  }

  it("keeps everything in its box 320 pixels wide", async () => {
    const { username } = await context.createUser();
    const visited = await visit(await browser.context({ viewport: { width: 320, height: 640 } }), context.url);
    await logIn(visited, username);
    await visited.page.getByText("this one").waitFor();
    const sticksOut = `[...document.querySelectorAll("main td *")]
      .filter((inner) => inner.getBoundingClientRect().right > inner.closest("tr").getBoundingClientRect().right)
      .map(({ textContent }) => textContent)`;
    expect(await visited.page.evaluate(sticksOut)).to.deep.equal([]);
  });

  it("names GraphiQL, and every button in it", async () => {
    const { username } = await context.createUser();
    const visited = await visit(await browser.context(), context.url);
    await logIn(visited, username);
    await openGraphiql(visited);
    const { page } = visited;
    const around = page.getByRole("region", { name: "GraphiQL", exact: true });
    for (const name of [/^Execute query/, /^Prettify query/, "Show Documentation Explorer", "Show History"]) {
      await around.getByRole("button", { name }).waitFor();
    }
    const named = await around.getByRole("button", { name: /\S/ }).count();
    expect(named).to.be.above(8);
    expect(await around.getByRole("button").count()).to.equal(named);
  });

  it("is used with the keyboard alone: login, tabs, a revocation", async () => {
    const { username } = await context.createUser();
    const { page } = await visit(await browser.context(), context.url);
    const press = (...keys: string[]) =>
      keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
    const focused = () =>
      page.evaluate("document.activeElement.textContent || document.activeElement.id") as Promise<string>;

    await press("Tab");
    expect(await focused()).to.equal("Skip to the content");
    await press("Tab");
    expect(await focused()).to.equal("username");
    await page.keyboard.type(username);
    await press("Tab");
    await page.keyboard.type(PASSWORD);
    await press("Enter");
    await page.getByText(`Logged in as ${username}.`).waitFor();
    expect(await focused(), "the form is gone").to.equal("Log out");
    await context.loginAgain(username);

    await press("Tab");
    expect(await focused()).to.equal("Sessions");
    await press("ArrowRight", "ArrowRight");
    expect(await focused()).to.equal("tRPC");
    await page.getByText("auth.me", { exact: true }).waitFor();
    await press("Home");
    expect(await focused()).to.equal("Sessions");
    await page.getByText("Unknown device").or(page.getByText("node")).first().waitFor();

    await press("Tab");
    while ((await focused()) !== "Log out everywhere else") await press("Tab");
    await press("Enter");
    expect(await focused(), "the safe answer").to.equal("Cancel");
    await press("Escape");
    expect(await focused(), "where it was asked").to.equal("Log out everywhere else");
    await press("Enter", "Tab", "Enter");
    await page.getByText("One other session was revoked.").waitFor();
    expect(await focused(), "the button is gone").to.equal("Your sessions");
    expect((await context.sessionsOf(username)).filter(({ revoked }) => revoked === null)).to.have.lengthOf(1);
  });

  it("lets the Tab key out of GraphiQL's editors", async () => {
    const { username } = await context.createUser();
    const visited = await visit(await browser.context(), context.url);
    await logIn(visited, username);
    await openGraphiql(visited);
    const { page } = visited;
    await page.locator(".graphiql-query-editor .view-lines").click();
    const place = () =>
      page.evaluate(
        "document.activeElement.closest('section[aria-label]')?.ariaLabel ?? document.activeElement.closest('footer, body').tagName",
      );
    expect(await place()).to.equal("Operation Editor");
    const places = new Set<unknown>();
    for (let presses = 0; presses < 40 && !places.has("BODY"); presses += 1) {
      await page.keyboard.press("Tab");
      places.add(await place());
    }
    expect([...places]).to.include.members(["Operation Editor", "Variables", "FOOTER"]);
  });
});
