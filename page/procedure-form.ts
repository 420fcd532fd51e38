import type { InputField, ProcedureDescription } from "../src/server/page/page-types.js";
import { announce, complain } from "./announce.js";
import { call, CallError, type PageContext } from "./call.js";
import { element } from "./element.js";
import { valueOf } from "./field-value.js";
import { subscriptionForm } from "./subscription-form.js";

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** The form that calls a procedure, with the answer below it. */
export function procedureForm(context: PageContext, { name, type, fields }: ProcedureDescription): HTMLElement {
  if (type === "subscription") return subscriptionForm(context, name);
  const controls = fields.map((field) => [field, controlOf(field, `${name}-${field.name}`)] as const);
  const answer = element("div", { class: "answer" });
  const form = element(
    "form",
    { "aria-label": name, autocomplete: "off" },
    ...controls.map(([field, control]) => element("div", { class: "field" }, labelOf(field, control), control)),
    element("button", {}, "Call"),
  );

  async function submit(): Promise<void> {
    try {
      const input = Object.fromEntries(controls.flatMap(([field, control]) => valueOf(field, control.value)));
      const data = await call(context.auth.fetch, type as "query", name, fields.length > 0 ? input : undefined);
      adopt(context, name, data);
      answer.replaceChildren(...shown("Answer", JSON.stringify(data, null, 2)));
      announce(`${name} has answered.`);
    } catch (error) {
      const { code, message } = error instanceof CallError ? error : { code: "NO_ANSWER", message: String(error) };
      answer.replaceChildren(...shown("Error", `${code}\n${message}`));
      complain(`${name}: ${code}, ${message}`);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  return element("div", {}, form, answer);
}

/**
 * A new password ends the session of this page and opens the one that is answered; and where tokens are in cookies, any
 * that is answered is in place of the one before.
 */
function adopt({ auth, settings }: PageContext, name: string, data: unknown): void {
  if (!isIssued(data) || !(settings.cookies || (auth.session && name === "auth.setPassword"))) return;
  auth.adopt(data);
}

function isIssued(data: unknown): data is Parameters<PageContext["auth"]["adopt"]>[0] {
  return typeof data === "object" && data !== null && "payload" in data && "refreshExpiresIn" in data;
}

function labelOf({ name, type, isOptional }: InputField, control: Control): HTMLLabelElement {
  const kind = type === "json" ? "JSON" : type;
  return element("label", { for: control.id }, name, element("small", {}, isOptional ? `${kind}, optional` : kind));
}

function controlOf({ type, isOptional, isSecret }: InputField, id: string): Control {
  const attributes = { id, required: !isOptional };
  switch (type) {
    case "boolean":
      return element(
        "select",
        attributes,
        ...["", "true", "false"].map((value) => element("option", { value }, value)),
      );
    case "json":
      return element("textarea", { ...attributes, rows: "3", spellcheck: "false" });
    case "number":
      return element("input", { ...attributes, type: "number", step: "any" });
    case "text":
      return isSecret
        ? element("input", { ...attributes, type: "password", autocomplete: "off" })
        : element("input", { ...attributes, type: "text", autocomplete: "off", spellcheck: "false" });
  }
}

/** Long lines are scrolled, so the keyboard has to get there. */
function shown(title: string, text: string): HTMLElement[] {
  return [
    element("h3", {}, title),
    element("pre", { tabindex: "0", role: "region", "aria-label": title, class: title.toLowerCase() }, text),
  ];
}
