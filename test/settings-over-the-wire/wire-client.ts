import { randomUUID } from "node:crypto";

import { type Answer, graphql, post } from "../support/http.js";
import { PASSWORD, type TestContext } from "../support/test-context.js";

/** Which of the two APIs. */
export type FaceName = "GraphQL" | "tRPC";
export const FACES: readonly FaceName[] = ["GraphQL", "tRPC"];

type Fields = Readonly<Record<string, unknown>>;
type Headers = Readonly<Record<string, string>>;

/** An answer, whichever API gave it. */
export interface WireAnswer extends Answer<string> {
  /** What the operation answered; null where it failed or found nothing. */
  readonly data: Fields | null;
  /** Undefined where it did not fail. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

/** What a call is made with. */
export interface CallOptions {
  readonly args?: Readonly<Record<string, string>>;
  /** What a GraphQL client selects; tRPC answers everything. */
  readonly fields?: string;
  readonly headers?: Headers;
}

/** Where an access token travels. */
export interface Carrier {
  readonly header?: string;
  readonly prefix?: string;
}

/** A client with a user of its own. It knows nothing of the server but its URL, and reads answers down to the headers. */
export class WireClient {
  private constructor(
    readonly face: FaceName,
    readonly context: TestContext,
    readonly username: string,
    readonly email: string,
  ) {}

  static async create(face: FaceName, context: TestContext): Promise<WireClient> {
    context.reset();
    const email = `${randomUUID()}@example.org`;
    const { username } = await context.createUser({ email });
    return new WireClient(face, context, username, email);
  }

  /** The same user, with another server. */
  at(context: TestContext): WireClient {
    return new WireClient(this.face, context, this.username, this.email);
  }

  /** Calls an operation: the GraphQL field, or the tRPC procedure in the router `auth`. */
  async call(operation: string, options: CallOptions = {}): Promise<WireAnswer> {
    return this.face === "GraphQL" ? this.callGraphQL(operation, options) : this.callTrpc(operation, options);
  }

  /** Logs in with the right password. */
  logIn(options: CallOptions = {}): Promise<WireAnswer> {
    const args = { username: this.username, password: PASSWORD };
    return this.call("tokenAuth", { args, fields: "token", ...options });
  }

  /** The access token of a new login. */
  async newToken(): Promise<string> {
    return textOf(await this.logIn(), "token");
  }

  /** Both tokens of a new login. */
  async newSession(): Promise<{ token: string; refreshToken: string }> {
    const answer = await this.logIn({ fields: "token refreshToken" });
    return { token: textOf(answer, "token"), refreshToken: textOf(answer, "refreshToken") };
  }

  /** Refreshes with a refresh token, asking for its successor. */
  refresh(refreshToken: string): Promise<WireAnswer> {
    return this.call("refreshToken", { args: { refreshToken }, fields: "token refreshToken refreshExpiresIn" });
  }

  /** Who a request is taken to be of: `the user`, `nobody`, a name, or the status and message of the refusal. */
  async whoIs(token: string, { header = "authorization", prefix = "JWT" }: Carrier = {}): Promise<string> {
    return this.nameOf(await this.call("me", { fields: "username", headers: { [header]: `${prefix} ${token}` } }));
  }

  /** The same of an answer to `me`. */
  nameOf({ status, data, error }: WireAnswer): string {
    if (error) return `${status} ${error.message}`;
    return data === null ? "nobody" : data["username"] === this.username ? "the user" : String(data["username"]);
  }

  private async callGraphQL(operation: string, { args = {}, fields = "", headers }: CallOptions): Promise<WireAnswer> {
    const given = Object.entries(args).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    const passed = given.length > 0 ? `(${given.join(", ")})` : "";
    const selected = fields === "" ? "" : `{ ${fields} }`;
    const query = `${operation === "me" ? "query" : "mutation"} { ${operation}${passed} ${selected} }`;
    const { status, headers: received, body } = await graphql(`${this.context.url}/graphql`, query, {}, headers);
    const [error] = body.errors ?? [];
    return {
      status,
      headers: received,
      body: JSON.stringify(body),
      data: (body.data?.[operation] ?? null) as Fields | null,
      error: error && { code: error.extensions?.code ?? error.code ?? "", message: error.message },
    };
  }

  private async callTrpc(operation: string, { args, headers = {} }: CallOptions): Promise<WireAnswer> {
    const url = `${this.context.url}/trpc/auth.${operation}`;
    const answer = await (operation === "me" ? get(`${url}${inputOf(args)}`, headers) : post(url, args ?? {}, headers));
    const { result, error } = JSON.parse(answer.body) as TrpcBody;
    return {
      ...answer,
      data: (result?.data ?? null) as Fields | null,
      error: error && { code: error.data.errorCode, message: error.message },
    };
  }
}

interface TrpcBody {
  readonly result?: { readonly data?: unknown };
  readonly error?: { readonly message: string; readonly data: { readonly errorCode: string } };
}

/** The text of a member of the answer. @throws Error where the operation failed */
export function textOf({ data, error }: WireAnswer, name: string): string {
  const value = data?.[name];
  if (typeof value !== "string") throw new Error(`no ${name}: ${JSON.stringify({ data, error })}`);
  return value;
}

/** How an operation went: `done`, or the code and message of the refusal. */
export function outcomeOf({ error }: WireAnswer): string {
  return error ? `${error.code}: ${error.message}` : "done";
}

function inputOf(args: Readonly<Record<string, string>> | undefined): string {
  return args ? `?input=${encodeURIComponent(JSON.stringify(args))}` : "";
}

async function get(url: string, headers: Headers): Promise<Answer<string>> {
  const response = await fetch(url, { headers });
  return { status: response.status, headers: response.headers, body: await response.text() };
}
