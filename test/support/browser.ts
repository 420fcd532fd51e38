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
 * What a browser does with cookies, and a page of ours with the CSRF cookie. Scheme and domain are not looked at: tests read
 * the attributes. Cookies of one name with several paths have one value here, as Janus sets them.
 */
export class Browser {
  /** What it holds, and sends with the requests to the paths that they were set for. */
  readonly cookies = new Map<string, string>();
  /** The paths of each; of one that a test has put in itself there are none, and it is sent everywhere. */
  private readonly paths = new Map<string, Set<string>>();
  /** The names of the cookies that the last request carried. */
  sent: readonly string[] = [];
  /** The texts of all answers. */
  readonly bodies: string[] = [];
  /** The cookies that the last answer set, by name; where one has several paths, from the second on by `name at path`. */
  set: Readonly<Record<string, SetCookie>> = {};
  /** `WWW-Authenticate` of the last answer. */
  challenge: string | null = null;
  /** Whether the page copies the CSRF cookie into the header. */
  sendsCsrf = true;

  /** @param prefix what a proxy in front of the server takes off the paths */
  constructor(private readonly prefix = "") {}

  readonly fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(url, { ...init, headers: this.headersOf(init, this.prefix + new URL(url).pathname) });
    this.take(response);
    // Read once for the test and once for the client.
    this.bodies.push(await response.clone().text());
    return response;
  };

  /** The cookie whose name ends so: the hardened profile puts a prefix before it. */
  cookie(name: string): string | undefined {
    return [...this.cookies].find(([key]) => key.endsWith(name))?.[1];
  }

  private headersOf({ headers, credentials }: RequestInit, path: string): Headers {
    const sent = new Headers(headers);
    const csrf = this.cookie("csrftoken");
    const pairs = [...this.cookies].filter(([name]) => credentials !== "omit" && this.belongsTo(name, path));
    this.sent = pairs.map(([name]) => name);
    if (pairs.length > 0) sent.set("cookie", pairs.map((pair) => pair.join("=")).join("; "));
    if (this.sendsCsrf && csrf !== undefined) sent.set("x-csrftoken", csrf);
    return sent;
  }

  private belongsTo(name: string, path: string): boolean {
    const paths = this.paths.get(name);
    return !paths || [...paths].some((one) => isWithin(path, one));
  }

  private take(response: Response): void {
    const set: Record<string, SetCookie> = {};
    for (const [name, cookie] of response.headers.getSetCookie().map(parse)) {
      const path = cookie.attributes.find((attribute) => attribute.startsWith("Path="))?.slice(5) ?? "/";
      set[name in set ? `${name} at ${path}` : name] = cookie;
      this.keep(name, path, cookie);
    }
    this.set = set;
    this.challenge = response.headers.get("www-authenticate");
  }

  /** A cookie is another one at another path: it is deleted by that alone. */
  private keep(name: string, path: string, { value, attributes }: SetCookie): void {
    const paths = this.paths.get(name) ?? new Set();
    if (attributes.includes("Max-Age=0")) {
      paths.delete(path);
      if (paths.size > 0) return;
      this.cookies.delete(name);
      this.paths.delete(name);
    } else {
      this.cookies.set(name, value);
      this.paths.set(name, paths.add(path));
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

/** RFC 6265, section 5.1.4. */
function isWithin(path: string, cookiePath: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith("/") ? cookiePath : `${cookiePath}/`);
}

function parse(line: string): [name: string, cookie: SetCookie] {
  const [pair = "", ...attributes] = line.split("; ");
  const at = pair.indexOf("=");
  return [pair.slice(0, at), { value: pair.slice(at + 1), attributes }];
}
