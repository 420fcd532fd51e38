import { expect } from "chai";
import { chromium } from "../support/chromium.js";
import { PASSWORD, testContext } from "../support/test-context.js";
import { logIn, openGraphiql, pathsOf, visit } from "./visit.js";

describe("the page in a browser", function () {
  this.timeout(60_000); // The editor is large, and the machine may be busy.
  const context = testContext();
  const browser = chromium();
  let user: string;
  beforeEach(async () => void ({ username: user } = await context.createUser()));

  it("logs in, and is still logged in after a reload", async () => {
    const visited = await visit(await browser.context(), context.url);
    const { page } = visited;
    await page.getByText("Log in to see where you are logged in").waitFor();
    await logIn(visited, user);
    await page.reload();
    await page.getByText(`Logged in as ${user}`).waitFor();
    await page.getByText("Jan 1, 2024, 12:05 AM").waitFor();
    expect(context.eventNames).to.deep.equal(["tokenIssued"]);
  });

  it("says why it does not log in, and nothing is kept", async () => {
    const { page } = await visit(await browser.context(), context.url);
    await page.getByLabel("Username", { exact: true }).fill(user);
    await page.getByLabel("Password", { exact: true }).fill("wrong");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("alert").filter({ hasText: "Please enter valid credentials" }).waitFor();
    expect(await page.evaluate("localStorage.length")).to.equal(0);
  });

  it("loads nothing from elsewhere, breaks no policy, puts no token into a URL, and loads GraphiQL late", async () => {
    const visited = await visit(await browser.context(), context.url);
    await logIn(visited, user);
    const before = pathsOf(visited.requests);
    await openGraphiql(visited);
    await visited.page.getByRole("tab", { name: "tRPC" }).click();
    await visited.page.getByText("auth.tokenAuth").waitFor();

    expect(visited).to.deep.include({ foreign: [], complaints: [] });
    expect(before.filter((path) => path.includes("graphiql") || path.includes("monaco"))).to.deep.equal([]);
    expect(pathsOf(visited.requests).filter((path) => path.includes("graphiql"))).to.have.length.above(1);
    const tokens = await visited.page.evaluate("Object.values(JSON.parse(localStorage['janus-auth']))");
    const secrets = (tokens as unknown[]).filter((value) => typeof value === "string");
    expect(secrets).to.have.lengthOf(2);
    for (const request of visited.requests) {
      for (const secret of secrets) expect(request.url()).to.not.include(secret);
    }
  });

  it("asks GraphQL with the token, which it refreshes by itself", async () => {
    const visited = await visit(await browser.context(), context.url);
    const { page } = visited;
    await logIn(visited, user);
    await openGraphiql(visited);
    context.clock.advance(3600);
    await page.getByRole("button", { name: /^Execute query/ }).click();
    await page.locator(".graphiql-response").getByText(`"${user}"`).waitFor();
    expect(context.eventNames).to.deep.equal(["tokenIssued", "refreshTokenRotated", "tokenRefreshed"]);
  });

  it("shows the schema to users only", async () => {
    const visited = await visit(await browser.context(), context.url, "#graphql");
    const { page } = visited;
    const types = page.getByText("Root Types");
    const introspections = () => visited.requests.filter((request) => request.postData()?.includes("__schema"));
    await openGraphiql(visited);
    await page.getByText("Log in to see the schema").waitFor();
    await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
    await page.getByText("No GraphQL schema available").waitFor();
    expect(introspections()).to.have.lengthOf(0);

    await logIn(visited, user);
    await types.waitFor();
    expect(await page.getByText("Log in to see the schema").count()).to.equal(0);

    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByText("No GraphQL schema available").waitFor();
    expect(await types.count()).to.equal(0);
    expect(introspections()).to.have.lengthOf(1);
    expect(visited.complaints).to.deep.equal([]);
  });

  it("keeps what is typed into GraphiQL off the disk", async () => {
    const visited = await visit(await browser.context(), context.url);
    await logIn(visited, user);
    await openGraphiql(visited);
    await visited.page.getByRole("button", { name: /^Execute query/ }).click();
    await visited.page.locator(".graphiql-response").getByText(`"${user}"`).waitFor();
    expect(await visited.page.evaluate("Object.keys(localStorage)")).to.deep.equal(["janus-auth"]);
    expect(await visited.page.evaluate("sessionStorage.length")).to.equal(0);
  });

  it("has a form for each procedure, and shows the answer and the code of an error", async () => {
    const visited = await visit(await browser.context(), context.url, "#trpc");
    const { page } = visited;
    await page.getByText("Log in to see the procedures.").waitFor();
    await logIn(visited, user);

    await page.getByText("auth.sessions", { exact: true }).click();
    const sessions = page.getByRole("form", { name: "auth.sessions" });
    await sessions.getByRole("button", { name: "Call" }).click();
    await page.getByRole("region", { name: "Answer" }).filter({ hasText: '"current": true' }).waitFor();
    await sessions.getByLabel("user").fill("somebody-else");
    await sessions.getByRole("button", { name: "Call" }).click();
    await page.getByRole("region", { name: "Error" }).filter({ hasText: "FORBIDDEN" }).waitFor();
    await page.getByRole("alert").filter({ hasText: "auth.sessions: FORBIDDEN, You do not have permission" }).waitFor();
  });

  it("goes on in the session that a new password opens", async () => {
    const visited = await visit(await browser.context(), context.url);
    const { page } = visited;
    await logIn(visited, user);
    await page.getByRole("tab", { name: "tRPC" }).click();
    await page.getByText("auth.setPassword", { exact: true }).click();
    const form = page.getByRole("form", { name: "auth.setPassword" });
    expect(await form.getByLabel("newPassword").getAttribute("type")).to.equal("password");
    await form.getByLabel("currentPassword").fill(PASSWORD);
    await form.getByLabel("newPassword").fill("another-Passw0rd");
    await form.getByRole("button", { name: "Call" }).click();
    await page.getByText("auth.setPassword has answered.").waitFor();
    await page.getByRole("tab", { name: "Sessions" }).click();
    await page.getByText("this one").waitFor();
    expect(await page.getByRole("button", { name: /^Revoke the session/ }).count()).to.equal(1);
  });
});

describe("the page in a browser, with allowArgument", function () {
  this.timeout(60_000);
  const context = testContext({ JWT_ALLOW_ARGUMENT: "true", JWT_ARGUMENT_NAME: "as" });
  const browser = chromium();

  it("asks auth.me with another token than its own", async () => {
    const { username } = await context.createUser();
    const other = await context.login();
    const visited = await visit(await browser.context(), context.url);
    const { page } = visited;
    await logIn(visited, username);
    await page.getByRole("tab", { name: "tRPC" }).click();
    await page.getByText("auth.me", { exact: true }).click();
    const form = page.getByRole("form", { name: "auth.me" });
    const answer = page.getByRole("region", { name: "Answer" });
    await form.getByRole("button", { name: "Call" }).click();
    await answer.filter({ hasText: `"username": "${username}"` }).waitFor();
    await form.getByLabel("as").fill(other.token);
    await form.getByRole("button", { name: "Call" }).click();
    await answer.filter({ hasText: `"username": "${other.username}"` }).waitFor();
  });
});
