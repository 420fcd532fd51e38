import { GraphiQL } from "graphiql";
import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import type { PageContext } from "./call.js";
import { EditorThemes } from "./editor-themes.js";
import { graphqlFetcher } from "./graphql-fetcher.js";
import { memoryStorage } from "./memory-storage.js";
import { tabMovesFocus } from "./tab-moves-focus.js";

const FIRST_QUERY = "# Ctrl+Enter runs the query.\n# Your token is in its header.\n{\n  me {\n    username\n  }\n}\n";

/** Starts GraphiQL in an element. Answers what draws it anew after a login or logout. */
export function startGraphiql(parent: HTMLElement, { auth, settings }: PageContext): () => void {
  const root = createRoot(parent);
  const fetcher = graphqlFetcher(auth.fetch);
  const storage = memoryStorage();
  const TabKey = tabMovesFocus();

  return () => {
    const isHidden = settings.isGuarded && !auth.session;
    root.render(
      createElement(
        GraphiQL,
        {
          // Another key is another GraphiQL: it forgets the schema of whoever was logged in before.
          key: isHidden ? "hidden" : (auth.session?.payload.username ?? "shown"),
          fetcher,
          storage,
          defaultQuery: FIRST_QUERY,
          defaultEditorToolsVisibility: true,
          showPersistHeadersSettings: false,
          ...(isHidden && { schema: null }),
        },
        createElement(TabKey),
        createElement(EditorThemes),
      ),
    );
  };
}
