import { setTimeout as delay } from "node:timers/promises";
import { PASSWORD } from "./test-context.js";

/** Milliseconds. */
const PAUSE = 50;
const PATIENCE = 60_000;

/** What a client holds after a login or a refresh. */
export interface Tokens {
  readonly token: string;
  readonly refreshToken: string;
}

type Arguments = Readonly<Record<string, string>>;

const GRAPHQL: Readonly<Record<string, string>> = {
  tokenAuth:
    "mutation ($username: String!, $password: String!) { value: tokenAuth(username: $username, password: $password) { token refreshToken } }",
  refreshToken:
    "mutation ($refreshToken: String) { value: refreshToken(refreshToken: $refreshToken) { token refreshToken } }",
  revokeToken: "mutation ($refreshToken: String) { value: revokeToken(refreshToken: $refreshToken) { revoked } }",
};

/** What the answer to one attempt was. */
export type Attempt<Data> = { readonly data: Data } | { readonly again: string } | { readonly refused: string };

/**
 * A client as it should be: whatever gets no answer, or 503, is sent again as it was. Every other refusal is an error.
 * Half of the clients speak GraphQL, half tRPC.
 */
export class LoadClient {
  /** Pairs of tokens that it was given. */
  tokens = 0;
  /** Answers with 503. */
  unavailable = 0;
  /** Requests without an answer, those included that found nobody to ask. */
  lost = 0;
  /** Requests that were cut off in the middle. */
  cut = 0;
  /** Milliseconds of the slowest request. */
  longest = 0;
  held: Tokens | undefined;

  /** @param servers the addresses of the servers; it keeps to one until that gives no answer */
  constructor(
    private readonly servers: readonly string[],
    private readonly username: string,
    private readonly index: number,
  ) {
    this.#server = index;
  }

  #server: number;

  /** Logs in, then uses and refreshes its tokens until told to stop. */
  async run(signal: AbortSignal): Promise<void> {
    await this.login();
    while (!signal.aborted) {
      await this.refresh();
      const user = await this.#persist<{ username: string } | null>("me", {}, this.held?.token);
      if (user?.username !== this.username) throw new Error(`${this.username} is not known: ${JSON.stringify(user)}`);
    }
  }

  async login(): Promise<void> {
    this.#hold(await this.#persist<Tokens>("tokenAuth", { username: this.username, password: PASSWORD }));
  }

  /** Exchanges the token that it holds, which must work. */
  async refresh(): Promise<void> {
    this.#hold(await this.#persist<Tokens>("refreshToken", { refreshToken: this.held?.refreshToken ?? "" }));
  }

  #hold(tokens: Tokens): void {
    this.held = tokens;
    this.tokens += 1;
  }

  async #persist<Data>(operation: string, args: Arguments, token?: string): Promise<Data> {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      const started = performance.now();
      const url = this.servers[this.#server % this.servers.length] ?? "";
      const attempt = await send<Data>(this.index % 2 === 0 ? "graphql" : "trpc", url, operation, args, token);
      this.longest = Math.max(this.longest, performance.now() - started);
      if ("data" in attempt) return attempt.data;
      if ("refused" in attempt) throw new Error(`${operation} of ${this.username} was refused: ${attempt.refused}`);
      if (attempt.again === "503") this.unavailable += 1;
      else this.lost += 1;
      if (attempt.again !== "503" && !attempt.again.includes("ECONNREFUSED")) this.cut += 1;
      if (attempt.again !== "503") this.#server += 1;
      if (performance.now() > deadline)
        throw new Error(`${operation} of ${this.username}: ${attempt.again} for too long`);
      await delay(PAUSE);
    }
  }
}

/** Sends an operation once. */
export async function send<Data>(
  face: "graphql" | "trpc",
  url: string,
  operation: string,
  args: Arguments,
  token?: string,
): Promise<Attempt<Data>> {
  const headers = { "content-type": "application/json", ...(token !== undefined && { authorization: `JWT ${token}` }) };
  const [path, body] =
    face === "graphql"
      ? ["/graphql", { query: GRAPHQL[operation] ?? `{ value: ${operation} { username } }`, variables: args }]
      : [`/trpc/auth.${operation}`, operation === "me" ? undefined : args];
  const init = body ? { method: "POST", body: JSON.stringify(body) } : {};
  let response: Response;
  let text: string;
  try {
    response = await fetch(url + path, { headers, ...init, signal: AbortSignal.timeout(30_000) });
    text = await response.text();
  } catch (error) {
    return { again: String((error as Error).cause ?? error) };
  }
  if (response.status === 503) {
    const after = response.headers.get("retry-after");
    return after === "1" ? { again: "503" } : { refused: `503 with Retry-After ${after}` };
  }
  const answer = JSON.parse(text) as { data?: { value?: Data }; errors?: unknown; result?: { data: Data } };
  const data = answer.result ? answer.result.data : answer.data?.value;
  return response.ok && data !== undefined && !answer.errors ? { data } : { refused: `${response.status} ${text}` };
}
