import { attempt } from "./announce.js";
import type { PageContext } from "./call.js";
import { element } from "./element.js";
import type { Panel } from "./tabs.js";

/** GraphiQL. It is many times the rest of the page, and loaded when it is first looked at. */
export function graphqlPanel(context: PageContext): Panel {
  const { auth, settings } = context;
  const note = element("p", { class: "note" });
  const root = element("div", { class: "graphiql" });
  const content = element("section", { "aria-label": "GraphiQL" }, note, root);
  let draw: (() => void) | undefined;

  async function show(): Promise<void> {
    note.textContent = noteText();
    if (draw) return draw();
    root.textContent = "Loading the editor …";
    const { startGraphiql } = await import("./graphiql.js");
    root.textContent = "";
    draw ??= startGraphiql(root, context);
    draw();
  }

  function noteText(): string {
    const keys = "In the editors Tab goes on to the next control; Ctrl+M gives the key to the text.";
    const hidden = settings.isGuarded && !auth.session;
    return hidden ? `Log in to see the schema: this server shows it to users only. ${keys}` : keys;
  }

  auth.subscribe(() => {
    if (draw && !content.closest("[hidden]")) void attempt(show);
  });
  return { id: "graphql", label: "GraphQL", content, show: () => void attempt(show) };
}
