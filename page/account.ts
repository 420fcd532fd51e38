import type { AuthEvent, AuthUserOutput, Session } from "../src/client/index.js";
import { announce, attempt, complain } from "./announce.js";
import type { PageContext } from "./call.js";
import { button, element, part } from "./element.js";
import { moment } from "./moment.js";

/** The login box, or who is logged in. It follows what happens to the session, in this tab and in others. */
export function showAccount({ auth }: PageContext): void {
  const account = part("account");

  function draw(focus: boolean): void {
    const had = account.contains(document.activeElement);
    account.replaceChildren(...(auth.session ? loggedIn(auth.session) : [loginForm()]));
    // What had the focus is gone: whoever uses the keyboard goes on where it was.
    if (focus || had) account.querySelector<HTMLElement>("input, button")?.focus();
  }

  function loggedIn(session: Session<AuthUserOutput>): HTMLElement[] {
    const leave = button("Log out", {}, () => void attempt(logOut));
    return [element("p", {}, "Logged in as ", element("b", {}, nameOf(session)), ...lifetimes(session)), leave];
  }

  async function logOut(): Promise<void> {
    const { revoked, error } = await auth.logout();
    if (!revoked && error)
      complain(`You are logged out here, but the server could not end the session: ${error.message}`);
  }

  function loginForm(): HTMLFormElement {
    const username = element("input", {
      id: "username",
      autocomplete: "username",
      required: true,
      spellcheck: "false",
    });
    const attributes = { id: "password", type: "password", autocomplete: "current-password", required: true };
    const password = element("input", attributes);
    const form = element(
      "form",
      { "aria-label": "Log in" },
      element("label", { for: "username" }, "Username"),
      username,
      element("label", { for: "password" }, "Password"),
      password,
      element("button", {}, "Log in"),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void attempt(async () => void (await auth.login(username.value, password.value)));
    });
    return form;
  }

  auth.subscribe((event) => {
    tell(event);
    draw(event.reason === "loggedIn" || event.reason === "loggedOut");
  });
  draw(false);
}

function tell(event: AuthEvent<AuthUserOutput>): void {
  switch (event.reason) {
    case "loggedIn":
      return announce(`Logged in as ${nameOf(event.session)}.`);
    case "loggedOut":
      return announce("Logged out.");
    case "refused":
      return complain("The session of this page is over: it was ended, or has expired. Log in to go on.");
    case "elsewhere":
      return event.session ? undefined : announce("Logged out in another tab.");
    case "refreshFailed":
      return complain("The token could not be refreshed: the server does not answer as it should. Try again.");
    case "refreshed":
      return undefined;
  }
}

/** Where the server's payload has no name and the answer no user, there is none to show. */
export function nameOf({ user, payload }: Session<AuthUserOutput>): string {
  return user?.username ?? payload.username ?? "an unknown user";
}

function lifetimes({ payload, refreshExpiresIn }: Session<AuthUserOutput>): (HTMLElement | string)[] {
  const token = payload.exp === undefined ? [] : ["token until ", moment(payload.exp)];
  const session = refreshExpiresIn === undefined ? [] : ["session until ", moment(refreshExpiresIn)];
  return [token, session].filter(({ length }) => length > 0).map((pieces) => element("small", {}, ...pieces));
}
