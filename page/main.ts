import { createAuthClient, localStorageStore } from "../src/client/index.js";
import type { PageSettings } from "../src/server/page/page-types.js";
import { showAccount } from "./account.js";
import { complain } from "./announce.js";
import { part } from "./element.js";
import { graphqlPanel } from "./graphql.js";
import { proceduresPanel } from "./procedures.js";
import { sessionsPanel } from "./sessions.js";
import { tabs } from "./tabs.js";

try {
  const settings = (await (await fetch("/page/settings.json")).json()) as PageSettings;
  const { cookies, headerName, headerPrefix } = settings;
  const auth = createAuthClient({ url: "/trpc", store: localStorageStore(), cookies, headerName, headerPrefix });
  const context = { auth, settings };
  showAccount(context);
  part("content").append(...tabs([sessionsPanel(context), graphqlPanel(context), proceduresPanel(context)]));
} catch {
  complain("The server does not answer. Reload the page to try again.");
}
