import { httpBatchLink, httpBatchStreamLink, httpLink } from "@trpc/client";
import { type Face, graphqlFace, trpcFace } from "./faces.js";
import type { TestContext } from "./test-context.js";

/** A cookie as an answer set it. */
export interface SetCookie {
  readonly value: string;
  /** The attributes as they were written, in their order: `["Path=/", "HttpOnly"]`. */
  readonly attributes: readonly string[];
}

/**
 * What a browser does with cookies, and a page of ours with the CSRF cookie. Scheme, domain and path are not looked at:
 * tests read the attributes.
 */
export class Browser {
  /** What it holds, and sends with each request. */
  readonly cookies = new Map<string, string>();
  /** The texts of all answers. */
  readonly bodies: string[] = [];
  /** The cookies that the last answer set, by name. */
  set: Readonly<Record<string, SetCookie>> = {};
  /** Whether the page copies the CSRF cookie into the header. */
  sendsCsrf = true;

  readonly fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(url, { ...init, headers: this.headersOf(init) });
    this.take(response);
    // Read once for the test and once for the client.
    this.bodies.push(await response.clone().text());
    return response;
  };

  /** The cookie whose name ends so: the hardened profile puts a prefix before it. */
  cookie(name: string): string | undefined {
    return [...this.cookies].find(([key]) => key.endsWith(name))?.[1];
  }

  private headersOf({ headers }: RequestInit): Headers {
    const sent = new Headers(headers);
    const csrf = this.cookie("csrftoken");
    if (this.cookies.size > 0) sent.set("cookie", [...this.cookies].map((pair) => pair.join("=")).join("; "));
    if (this.sendsCsrf && csrf !== undefined) sent.set("x-csrftoken", csrf);
    return sent;
  }

  private take(response: Response): void {
    this.set = Object.fromEntries(response.headers.getSetCookie().map(parse));
    for (const [name, { value, attributes }] of Object.entries(this.set)) {
      if (attributes.includes("Max-Age=0")) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

/** Both faces in a browser, tRPC with each of its links over HTTP. */
export function browserFaces(context: TestContext, browser: () => Browser): [Face, ...Face[]] {
  const target = () => ({
    url: context.url,
    hasRefreshTokens: context.hasRefreshTokens,
    hidesTokens: context.hidesTokens,
    fetch: browser().fetch,
  });
  const links = [httpLink, httpBatchLink, httpBatchStreamLink];
  return [graphqlFace(target), ...links.map((link) => trpcFace(target, link))];
}

function parse(line: string): [name: string, cookie: SetCookie] {
  const [pair = "", ...attributes] = line.split("; ");
  const at = pair.indexOf("=");
  return [pair.slice(0, at), { value: pair.slice(at + 1), attributes }];
}
