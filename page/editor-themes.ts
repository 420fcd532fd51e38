import { useMonaco } from "@graphiql/react";
import { useEffect } from "react";

/** What the editor takes for a theme. */
interface ThemeData {
  readonly base: "vs" | "vs-dark";
  readonly inherit: boolean;
  readonly colors: Record<string, string>;
  readonly rules: { readonly token: string; readonly foreground: string }[];
}

/** GraphiQL's own colours of what is around the text. It does not hand them out, and a theme replaces another whole. */
function colorsAround(accent: string, widget: string, input: string): ThemeData["colors"] {
  const faint = `${accent}19`;
  const none = "#ffffff00";
  return {
    "editor.background": none,
    "scrollbar.shadow": none,
    "textLink.foreground": accent,
    "textLink.activeForeground": accent,
    "editorLink.activeForeground": accent,
    "editorHoverWidget.background": widget,
    "list.hoverBackground": faint,
    "list.highlightForeground": accent,
    "list.focusHighlightForeground": accent,
    "menu.background": widget,
    "menu.selectionBackground": faint,
    "menu.selectionForeground": accent,
    "editorSuggestWidget.background": widget,
    "editorSuggestWidget.selectedBackground": faint,
    "editorSuggestWidget.selectedForeground": accent,
    "quickInputList.focusBackground": faint,
    "editorWidget.background": widget,
    "editorWidget.resizeBorder": accent,
    "input.background": input,
    focusBorder: accent,
    "toolbar.hoverBackground": faint,
    "inputOption.hoverBackground": faint,
    "pickerGroup.foreground": accent,
  };
}

/** By the names that GraphiQL asks for. The colours of texts differ from its own where those are too faint (WCAG 1.4.3). */
const THEMES: Readonly<Record<string, ThemeData>> = {
  "graphiql-DARK": {
    base: "vs-dark",
    inherit: true,
    colors: {
      ...colorsAround("#ff5794", "#212a3b", "#b7c2d711"),
      "quickInputList.focusForeground": "#ffffff",
      "editorLineNumber.foreground": "#a0a8b8",
    },
    rules: [
      { token: "argument.identifier.gql", foreground: "#908aff" },
      { token: "comment", foreground: "#7ca668" },
      { token: "annotation", foreground: "#e08080" },
    ],
  },
  "graphiql-LIGHT": {
    base: "vs",
    inherit: true,
    colors: {
      ...colorsAround("#d60590", "#ffffff", "#3b4b6811"),
      "quickInputList.focusForeground": "#444444",
      "editorBracketHighlight.foreground2": "#2a7a2a",
    },
    rules: [
      { token: "argument.identifier.gql", foreground: "#6c69ce" },
      { token: "annotation", foreground: "#6b6b6b" },
      { token: "number", foreground: "#077048" },
    ],
  },
};

/** A component that gives texts in the editors the contrast that everybody can read. */
export function EditorThemes(): null {
  const monaco = useMonaco((state) => state.monaco);
  useEffect(() => {
    for (const [name, theme] of Object.entries(THEMES)) monaco?.editor.defineTheme(name, theme);
  }, [monaco]);
  return null;
}
