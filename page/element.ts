type Child = Node | string | null | undefined | false;

/**
 * Makes an element. What is text stays text: nothing on this page is parsed as HTML.
 *
 * @param attributes as in HTML; true is an attribute without a value, false none
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | boolean>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter(isThere));
  return made;
}

/** A button that does something on this page. */
export function button(label: string, attributes: Readonly<Record<string, string>>, act: () => void) {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", act);
  return made;
}

/** The element of the document with this id. */
export function part(id: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`#${id}`);
  if (!found) throw new Error(`the document has no #${id}`);
  return found;
}

function isThere(child: Child): child is Node | string {
  return child !== null && child !== undefined && child !== false;
}
