import { type MonacoEditor, useMonaco } from "@graphiql/react";
import { useEffect } from "react";

/** What Ctrl+M does in the editor: it is a switch for all editors, and knows no other way. */
const SWITCH = "editor.action.toggleTabFocusMode";

/** A component that lets the Tab key leave the editors (WCAG 2.1.2): by themselves they write a tabulator. */
export function tabMovesFocus(): () => null {
  let isSwitched = false;

  function apply(editor: Pick<MonacoEditor, "getModel" | "trigger">): void {
    if (isSwitched || !editor.getModel()) return; // Without a text it takes no commands.
    isSwitched = true;
    editor.trigger("page", SWITCH, null);
  }

  return function TabKey() {
    const monaco = useMonaco((state) => state.monaco);
    useEffect(() => {
      monaco?.editor.getEditors().forEach(apply);
      const listening = monaco?.editor.onDidCreateEditor((editor) => {
        editor.onDidChangeModel(() => apply(editor));
      });
      return () => listening?.dispose();
    }, [monaco]);
    return null;
  };
}
