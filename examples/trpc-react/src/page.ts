// A page without a browser, so that the example runs anywhere. There is nothing in here to copy.
import { type HTMLElement, type HTMLInputElement, Window } from "happy-dom";

const window = new Window({ url: "http://localhost/" });
const { document } = window;
document.body.innerHTML = '<div id="root"></div>';
for (const [name, value] of Object.entries({
  window,
  document,
  navigator: window.navigator,
  FormData: window.FormData,
})) {
  Object.defineProperty(globalThis, name, { value, configurable: true });
}

const requests: Promise<unknown>[] = [];
const { fetch } = globalThis;
globalThis.fetch = (...request) => {
  const answer = fetch(...request);
  requests.push(answer);
  return answer;
};

const find = (selector: string) => document.querySelector(selector) as HTMLElement | null;

export const page = {
  root: find("#root") as unknown as Element,

  /** What a person reads: a line an element. */
  get text(): string {
    const elements = [...document.querySelectorAll("h1, p, button")];
    return elements
      .map(({ tagName, textContent }) => (tagName === "BUTTON" ? `[${textContent}]` : textContent))
      .join("\n");
  },

  get alert(): string | undefined {
    return find('[role="alert"]')?.textContent;
  },

  type(name: string, value: string): void {
    const input = find(`input[name="${name}"]`) as HTMLInputElement | null;
    if (input) input.value = value;
  },

  press(label: string): void {
    const button = [...document.querySelectorAll("button")].find(({ textContent }) => textContent === label);
    (button as unknown as HTMLElement | undefined)?.click();
  },

  /** Waits for the answers to all requests, as a browser does that stays open. */
  async closed(): Promise<void> {
    await Promise.allSettled(requests);
  },

  /** Waits until these texts are on the page, or an alert. */
  shows(...texts: readonly string[]): Promise<"text" | "alert"> {
    return new Promise((resolve) => {
      const look = () => {
        if (!texts.every((text) => page.text.includes(text)) && page.alert === undefined) return;
        observer.disconnect();
        resolve(page.alert === undefined ? "text" : "alert");
      };
      const observer = new window.MutationObserver(look);
      observer.observe(document.body, { childList: true, subtree: true, characterData: true });
      look();
    });
  },
};
