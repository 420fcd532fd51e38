import { useMonaco } from "@graphiql/react";
import { GraphiQL } from "graphiql";
import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import { createElement, useEffect } from "react";
import { createRoot } from "react-dom/client";
import type { PageContext } from "./call.js";
import { graphqlFetcher } from "./graphql-fetcher.js";
import { memoryStorage } from "./memory-storage.js";

const FIRST_QUERY = "# Ctrl+Enter runs the query. The page puts your token into its header.\n{\n  me {\n    username\n  }\n}\n";

/** Starts GraphiQL in an element. Answers what draws it anew after a login or logout. */
export function startGraphiql(parent: HTMLElement, { auth, settings }: PageContext): () => void {
  const root = createRoot(parent);
  const fetcher = graphqlFetcher(auth.fetch);
  const storage = memoryStorage();

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
        createElement(TabMovesFocus),
      ),
    );
  };
}

/** Lets the Tab key leave the editors (WCAG 2.1.2): theirs is to write a tabulator. */
function TabMovesFocus(): null {
  const monaco = useMonaco((state) => state.monaco);
  useEffect(() => {
    for (const editor of monaco?.editor.getEditors() ?? []) editor.updateOptions({ tabFocusMode: true });
    const listening = monaco?.editor.onDidCreateEditor((editor) => editor.updateOptions({ tabFocusMode: true }));
    return () => listening?.dispose();
  }, [monaco]);
  return null;
}
