import { browser } from "./browser-globals.js";

/** The strictest first: another site on the same host can set the others (RFC 6265bis, section 4.1.3). */
const CSRF_COOKIE = ["__Host-csrftoken", "__Secure-csrftoken", "csrftoken"];

/** Requests whose tokens are in cookies, where no script can read them. */
export class Cookies {
  /** @param csrfToken the value of the cookie `csrftoken`; by default the page's own */
  constructor(private readonly csrfToken: () => string | undefined = csrfTokenOfPage) {}

  /** Lets the browser send its cookies, and proves, for a GET too, that the request comes from a page that can read them. */
  add(init: RequestInit, headers: Headers): RequestInit {
    const token = this.csrfToken();
    if (token !== undefined) headers.set("x-csrftoken", token);
    return { ...init, headers, credentials: "include" };
  }
}

function csrfTokenOfPage(): string | undefined {
  const pairs = new Map(browser.document?.cookie.split("; ").map(splitPair));
  return CSRF_COOKIE.map((name) => pairs.get(name)).find((value) => value !== undefined);
}

function splitPair(pair: string): [name: string, value: string] {
  const at = pair.indexOf("=");
  return [pair.slice(0, at), pair.slice(at + 1)];
}
