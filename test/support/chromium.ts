import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";
import { chromiumPath } from "./chromium-package.js";
import { orSkip } from "./or-skip.js";

/** It runs as root where tests do, and calls nobody: no updates, no field trials, no other protocols. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The one browser of a test run, started by the first suite that wants it. */
let shared: Promise<Browser> | undefined;

/** A browser for one suite. It registers the hooks: each test has contexts of its own, that is, cookies and storage. */
export function chromium(): Chromium {
  const browser = new Chromium();
  before(orSkip(async () => void (await sharedBrowser())));
  afterEach(() => browser.closeContexts());
  return browser;
}

export class Chromium {
  private readonly contexts: BrowserContext[] = [];

  /** A browser of somebody: what is in its tabs is shared among them, and with nobody else. */
  async context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await (await sharedBrowser()).newContext({ locale: "en-GB", timezoneId: "UTC", ...options });
    this.contexts.push(context);
    return context;
  }

  async closeContexts(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
  }
}

/** @throws UnavailableError if there is none to be had */
async function sharedBrowser(): Promise<Browser> {
  shared ??= launch();
  return shared;
}

async function launch(): Promise<Browser> {
  const executablePath = await chromiumPath();
  // Not before it is needed: most runs of a few suites need no browser.
  const { chromium: driver } = await import("playwright-core");
  return driver.launch({ executablePath, args: FLAGS });
}

/** Ends the browser, after the last test of a run. */
export async function closeChromium(): Promise<void> {
  const browser = await shared?.catch(() => undefined); // The suites that needed it have reported why it is not there.
  await browser?.close();
}
