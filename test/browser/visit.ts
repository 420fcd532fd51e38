import type { BrowserContext, Page, Request } from "playwright-core";
import { PASSWORD } from "../support/test-context.js";

/** The page at `/` in a tab, and what went on there. */
export interface Visit {
  readonly page: Page;
  /** Requests to the server, oldest first. */
  readonly requests: Request[];
  /** Requests to anybody else. */
  readonly foreign: string[];
  /** What the browser complained of: scripts that failed, policies that were broken. Refused requests are none of it. */
  readonly complaints: string[];
}

/** A request that was refused is what many tests are about; the browser writes it to the console too. */
const REFUSED_REQUEST = /^Failed to load resource/;

/** Opens the page in a new tab. It is there when it knows who is logged in. */
export async function visit(context: BrowserContext, url: string, fragment = ""): Promise<Visit> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const visited: Visit = { page, requests: [], foreign: [], complaints: [] };
  page.on("request", (request) => {
    if (request.url().startsWith(`${url}/`)) visited.requests.push(request);
    else if (!request.url().startsWith("data:")) visited.foreign.push(request.url());
  });
  page.on("pageerror", (error) => void visited.complaints.push(error.message));
  page.on("console", (message) => {
    const isComplaint = message.type() === "error" || message.type() === "warning";
    if (isComplaint && !REFUSED_REQUEST.test(message.text())) visited.complaints.push(message.text());
  });
  await page.goto(`${url}/${fragment}`);
  await page.getByRole("tablist").first().waitFor();
  return visited;
}

/** Logs in as a person does, and waits until the page says so. */
export async function logIn({ page }: Visit, username: string): Promise<void> {
  await page.getByLabel("Username", { exact: true }).fill(username);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText(`Logged in as ${username}.`).waitFor();
}

/** The paths of requests, without what was asked: `/trpc/auth.refreshToken`. */
export function pathsOf(requests: readonly Request[]): string[] {
  return requests.map((request) => new URL(request.url()).pathname);
}

/** Waits until GraphiQL has the schema or was told that it gets none, and its query has its colours: those come last. */
export async function openGraphiql({ page }: Visit): Promise<void> {
  await page.getByRole("tab", { name: "GraphQL" }).click();
  await page.locator(".graphiql-query-editor .bracket-highlighting-0").first().waitFor();
}
