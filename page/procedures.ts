import type { ProcedureDescription } from "../src/server/page/page-types.js";
import { attempt } from "./announce.js";
import type { PageContext } from "./call.js";
import { element } from "./element.js";
import { procedureForm } from "./procedure-form.js";
import type { Panel } from "./tabs.js";

/** The procedures as the server has them, with a form each. */
export function proceduresPanel(context: PageContext): Panel {
  const { auth, settings } = context;
  const list = element("div", {});
  const content = element("section", {}, element("h2", {}, "tRPC procedures"), list);
  let isDrawn = false;

  async function refresh(): Promise<void> {
    if (settings.isGuarded && !auth.session) {
      isDrawn = false;
      return list.replaceChildren(element("p", {}, "Log in to see the procedures."));
    }
    if (isDrawn) return;
    isDrawn = true;
    const response = await auth.fetch("/page/procedures.json");
    isDrawn = response.ok;
    const procedures = response.ok ? ((await response.json()) as ProcedureDescription[]) : [];
    list.replaceChildren(...procedures.map((procedure) => disclosure(context, procedure)));
  }

  auth.subscribe(() => {
    if (!content.closest("[hidden]")) void attempt(refresh);
  });
  return { id: "trpc", label: "tRPC", content, show: () => void attempt(refresh) };
}

function disclosure(context: PageContext, procedure: ProcedureDescription): HTMLElement {
  const { name, type } = procedure;
  const summary = element("summary", {}, element("code", {}, name), " ", element("small", {}, type));
  return element("details", { id: name }, summary, procedureForm(context, procedure));
}
