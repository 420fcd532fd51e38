import { button, element } from "./element.js";

/** Asks before something that cannot be undone. The dialog is the browser's: it keeps the focus, and gives it back. */
export function confirm(question: string, action: string): Promise<boolean> {
  return new Promise((resolve) => {
    const dialog = element("dialog", { "aria-labelledby": "question" }, element("p", { id: "question" }, question));
    const answer = (value: string) => () => dialog.close(value);
    const cancel = button("Cancel", {}, answer("no"));
    dialog.append(element("div", { class: "actions" }, cancel, button(action, { class: "danger" }, answer("yes"))));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    cancel.focus();
  });
}
