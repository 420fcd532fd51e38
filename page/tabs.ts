import { announce } from "./announce.js";
import { element } from "./element.js";

/** A part of the page that is shown alone. */
export interface Panel {
  /** Also the end of its address: `/#sessions`. */
  readonly id: string;
  readonly label: string;
  readonly content: HTMLElement;
  /** Called when it comes into view. */
  show(): void;
}

/**
 * Tabs, by the pattern of the ARIA Authoring Practices: one of them is in the order of the Tab key, the arrow keys go to
 * the others, Home and End to the first and last.
 */
export function tabs(panels: readonly [Panel, ...Panel[]]): HTMLElement[] {
  const buttons = panels.map(tabOf);
  const contents = panels.map(panelOf);

  function select(index: number, focus = false): void {
    for (const [at, tab] of buttons.entries()) {
      tab.setAttribute("aria-selected", String(at === index));
      tab.tabIndex = at === index ? 0 : -1;
    }
    for (const [at, content] of contents.entries()) content.hidden = at !== index;
    if (focus) buttons[index]?.focus();
    announce(""); // What was said of another panel is over.
    panels[index]?.show();
  }

  /** The address follows, so that a reload and a link come back here. */
  function go(index: number, focus = false): void {
    history.replaceState(null, "", `#${panels[index]?.id}`);
    select(index, focus);
  }

  for (const [index, tab] of buttons.entries()) {
    tab.addEventListener("click", () => go(index));
    tab.addEventListener("keydown", (event) => {
      const next = nextOf(event.key, index, buttons.length);
      if (next === undefined) return;
      event.preventDefault();
      go(next, true);
    });
  }
  const addressed = () => panels.findIndex(({ id }) => `#${id}` === location.hash);
  addEventListener("hashchange", () => addressed() >= 0 && select(addressed()));
  select(Math.max(0, addressed()));
  return [element("div", { role: "tablist", "aria-label": "Parts of this page" }, ...buttons), ...contents];
}

function tabOf({ id, label }: Panel): HTMLButtonElement {
  return element("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}` }, label);
}

function panelOf({ id, content }: Panel): HTMLElement {
  const attributes = { role: "tabpanel", id: `panel-${id}`, "aria-labelledby": `tab-${id}`, tabindex: "-1" };
  return element("div", attributes, content);
}

function nextOf(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case "ArrowRight":
      return (index + 1) % count;
    case "ArrowLeft":
      return (index + count - 1) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
