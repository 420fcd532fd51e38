import type { FetchLike } from "../../../src/client/index.js";

/** A request that left the client. */
export interface SentRequest {
  /** The last part of the path: `auth.refreshToken`, or `graphql`. */
  readonly path: string;
  readonly authorization: string | null;
  readonly body: string;
  /** A header of a test that wants to know its request again. */
  readonly mark?: string;
}

/** What the network does to a request: lets it through, loses it, or loses its answer. */
export type Fate = "through" | "lost" | "answerLost";

/** The network between a client and a server: it really sends, notes what was sent, and can fail. */
export class Traffic {
  readonly sent: SentRequest[] = [];
  /** Decides on each request; by default all get through. */
  fate: (request: SentRequest) => Fate | Response | Promise<Fate | Response> = () => "through";

  constructor(private readonly send: FetchLike = (input, init) => fetch(input, init)) {}

  readonly fetch: FetchLike = async (input, init) => {
    const request = new Request(input, init);
    const mark = request.headers.get("x-mark");
    const sent = {
      path: new URL(request.url).pathname.split("/").at(-1) ?? "",
      authorization: request.headers.get("authorization"),
      body: await request.clone().text(),
      ...(mark !== null && { mark }),
    };
    this.sent.push(sent);
    const fate = await this.fate(sent);
    if (fate instanceof Response) return fate;
    if (fate === "lost") throw new TypeError("the network is down");
    const response = await this.send(request.url, {
      method: request.method,
      headers: request.headers,
      ...(sent.body !== "" && { body: sent.body }),
      ...(init?.signal && { signal: init.signal }),
    });
    if (fate === "through") return response;
    await response.text();
    throw new TypeError("the connection broke");
  };

  /** How many requests of refreshing were sent, whatever the API. */
  get refreshes(): number {
    return this.sent.filter(isRefresh).length;
  }

  /** The paths of what was sent, in order. */
  get paths(): string[] {
    return this.sent.map(({ path }) => path);
  }
}

export function isRefresh({ path, body }: SentRequest): boolean {
  return (
    path === "auth.refreshToken" ||
    (path === "graphql" && /(?<!\w)(refreshToken|requestToken)\([^)]*refreshToken:/.test(body))
  );
}
