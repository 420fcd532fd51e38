import type { SessionOutput } from "../src/trpc/auth-router-types.js";
import { announce, attempt } from "./announce.js";
import { call, type PageContext } from "./call.js";
import { deviceName } from "./device-name.js";
import { confirm } from "./dialog.js";
import { button, element } from "./element.js";
import { moment } from "./moment.js";
import type { Panel } from "./tabs.js";

const COLUMNS = ["Device", "Address", "Logged in", "Last used", "Expires", "Action"];

/** The sessions of whoever is logged in, with a button each that ends it. */
export function sessionsPanel({ auth, settings }: PageContext): Panel {
  const heading = element("h2", { tabindex: "-1" }, "Your sessions");
  const list = element("div", {});
  const content = element("section", { class: "sessions" }, heading, list);
  let asked = 0;

  /** Draws what there is now; an answer that others have overtaken is of no interest. */
  async function refresh(): Promise<void> {
    asked += 1;
    const mine = asked;
    if (!settings.hasSessions) return say("This server is in single-token mode: it keeps no sessions.");
    if (!auth.session) return say("Log in to see where you are logged in, and to log out there.");
    const sessions = (await call(auth.fetch, "query", "auth.sessions")) as SessionOutput[];
    if (mine === asked) list.replaceChildren(...draw(sessions));
  }

  function say(text: string): void {
    list.replaceChildren(element("p", {}, text));
  }

  function draw(sessions: readonly SessionOutput[]): HTMLElement[] {
    const actions = element(
      "div",
      { class: "actions" },
      button("Refresh", {}, () => void attempt(reload)),
    );
    if (sessions.some(({ current }) => !current)) {
      actions.append(button("Log out everywhere else", { class: "danger" }, () => void attempt(endOthers)));
    }
    return [tableOf(sessions), actions];
  }

  function tableOf(sessions: readonly SessionOutput[]): HTMLElement {
    const head = COLUMNS.map((name) => element("th", { role: "columnheader", scope: "col" }, name));
    return element(
      "table",
      { role: "table", "aria-label": "Your sessions" },
      element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...head)),
      element("tbody", { role: "rowgroup" }, ...sessions.map(rowOf)),
    );
  }

  // The roles are said again because a narrow window lays the rows out as blocks, and that would take them away.
  function rowOf(session: SessionOutput): HTMLElement {
    const device = deviceName(session.device);
    const mark = session.current && element("mark", {}, "this one");
    const name = element("div", {}, device, " ", mark, element("small", {}, session.device ?? ""));
    const end = button(
      "Revoke",
      { "aria-label": `Revoke the session on ${device}` },
      () => void attempt(() => endOne(session)),
    );
    const { address, created, lastUsed, expires } = session;
    const cells = [name, address ?? "unknown", moment(created), moment(lastUsed), moment(expires), end];
    const row = element("tr", { role: "row" });
    for (const [at, cell] of cells.entries()) {
      row.append(element("td", { role: "cell", "data-label": COLUMNS[at] ?? "" }, cell));
    }
    return row;
  }

  async function reload(): Promise<void> {
    await refresh();
    announce("The list is up to date.");
    heading.focus();
  }

  async function endOne({ id, current }: SessionOutput): Promise<void> {
    if (current) return endThisOne();
    await call(auth.fetch, "mutation", "auth.revokeSession", { id });
    await refresh();
    announce("The session was revoked.");
    heading.focus(); // The button is gone.
  }

  async function endThisOne(): Promise<void> {
    if (!(await confirm("This is the session of this page. Revoke it and log out?", "Log out"))) return;
    await auth.logout();
    announce("The session of this page was revoked: you are logged out.");
  }

  async function endOthers(): Promise<void> {
    if (!(await confirm("Log out on every device but this one?", "Log out everywhere else"))) return;
    const { count } = (await call(auth.fetch, "mutation", "auth.revokeOtherSessions")) as { count: number };
    await refresh();
    announce(count === 1 ? "One other session was revoked." : `${count} other sessions were revoked.`);
    heading.focus();
  }

  auth.subscribe(({ reason }) => {
    if (reason !== "refreshed" && reason !== "refreshFailed" && !content.closest("[hidden]")) void attempt(refresh);
  });
  return { id: "sessions", label: "Sessions", content, show: () => void attempt(refresh) };
}
