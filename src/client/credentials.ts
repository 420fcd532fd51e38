import type { Cookies } from "./cookie-request.js";
import type { AuthClientOptions } from "./options.js";
import type { Tokens } from "./auth-api.js";

/** How requests say who they are from: by a token in a header, or by cookies. */
export class Credentials {
  /** Of the header of the token. */
  readonly headerName: string;
  readonly #prefix: string;

  constructor(
    { headerName = "authorization", headerPrefix = "JWT" }: AuthClientOptions,
    private readonly cookies: Cookies | undefined,
  ) {
    this.headerName = headerName;
    this.#prefix = headerPrefix;
  }

  /** Whether the browser sends the tokens. */
  get inCookies(): boolean {
    return this.cookies !== undefined;
  }

  /** The header of a token; none where there is no token. */
  header(tokens: Tokens | null): Record<string, string> {
    return tokens?.token === undefined ? {} : { [this.headerName]: `${this.#prefix} ${tokens.token}` };
  }

  /** The options of a request with these tokens. `headers` becomes a part of them. */
  add(init: RequestInit, headers: Headers, tokens: Tokens | null): RequestInit {
    if (this.cookies) return this.cookies.add(init, headers);
    for (const [name, value] of Object.entries(this.header(tokens))) headers.set(name, value);
    return { ...init, headers };
  }
}
