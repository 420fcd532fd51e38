import {
  createTRPCClient,
  type httpBatchLink,
  type httpBatchStreamLink,
  httpLink,
  TRPCClientError,
  type TRPCLink,
} from "@trpc/client";
import type { AppRouter } from "../../src/index.js";
import type {
  AuthUserOutput,
  RefreshOutput,
  SessionOutput,
  TokenAuthOutput,
  TokenPayload,
} from "../../src/trpc/auth-router-types.js";
import { type Fetch, graphql } from "./http.js";

/** What a face answers instead of data: the code of the error, its message and the HTTP status of the answer. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

export type Outcome<Data> = { readonly data: Data } | Refusal;

type Headers = Readonly<Record<string, string>>;
/** Not typed more closely: what is sent may be wrong on purpose. */
type Arguments = Readonly<Record<string, unknown>>;

/** The auth operations over HTTP, whichever API they go through. */
export interface Face {
  readonly name: string;
  readonly api: "GraphQL" | "tRPC";
  tokenAuth(args: Arguments, headers?: Headers): Promise<Outcome<TokenAuthOutput>>;
  verifyToken(args: Arguments, headers?: Headers): Promise<Outcome<{ payload: TokenPayload }>>;
  refreshToken(args: Arguments, headers?: Headers): Promise<Outcome<RefreshOutput>>;
  revokeToken(args: Arguments, headers?: Headers): Promise<Outcome<{ revoked: number }>>;
  setPassword(args: Arguments, headers?: Headers): Promise<Outcome<TokenAuthOutput>>;
  sessions(args: Arguments, headers?: Headers): Promise<Outcome<SessionOutput[]>>;
  revokeSession(args: Arguments, headers?: Headers): Promise<Outcome<{ revoked: number }>>;
  revokeOtherSessions(headers?: Headers): Promise<Outcome<{ count: number }>>;
  revokeAllSessions(args: Arguments, headers?: Headers): Promise<Outcome<{ count: number }>>;
  deleteTokenCookie(headers?: Headers): Promise<Outcome<{ deleted: boolean }>>;
  deleteRefreshTokenCookie(headers?: Headers): Promise<Outcome<{ deleted: boolean }>>;
  me(headers?: Headers): Promise<Outcome<AuthUserOutput | null>>;
}

/** The headers of a request with this access token. */
export function withToken(token: string): { authorization: string } {
  return { authorization: `JWT ${token}` };
}

/** Where a face talks to. */
export interface Target {
  readonly url: string;
  /** With refresh tokens the GraphQL types have a field more. */
  readonly hasRefreshTokens: boolean;
  /** With `hideTokenFields` they have no field of any token. */
  readonly hidesTokens: boolean;
  /** By default the global one. */
  readonly fetch?: Fetch;
}

/** One of tRPC's links over HTTP. */
type HttpLink = typeof httpLink | typeof httpBatchLink | typeof httpBatchStreamLink;

/** What an operation that refuses is answered: GraphQL says 200 and the error within, tRPC the status of its kind. */
export function refusal(face: Face, code: string, message: string, trpcStatus = 401): Refusal {
  return { code, message, status: face.api === "GraphQL" ? 200 : trpcStatus };
}

/** The data of an outcome. @throws Error with the refusal, if it is one */
export function dataOf<Data>(outcome: Outcome<Data>): Data {
  if ("data" in outcome) return outcome.data;
  throw new Error(`refused with ${JSON.stringify(outcome)}`);
}

const TYPES: Readonly<Record<string, string>> = {
  username: "String!",
  password: "String!",
  currentPassword: "String!",
  newPassword: "String!",
  id: "ID!",
};
const SESSION = "id device address created lastUsed expires current";
const USER = "id username email isStaff isSuperuser roles permissions";

/** The GraphQL face, asked for every field that there is. */
export function graphqlFace(target: () => Target): Face {
  async function run<Data>(
    operation: { field: string; type?: "query"; args?: Arguments; selection: string },
    headers?: Headers,
  ): Promise<Outcome<Data>> {
    const { field, type = "mutation", args = {}, selection } = operation;
    const names = Object.keys(args);
    const declared = names.map((name) => `$${name}: ${TYPES[name] ?? "String"}`).join(", ");
    const passed = names.map((name) => `${name}: $${name}`).join(", ");
    const query = `${type} ${declared && `(${declared})`} { ${field} ${passed && `(${passed})`} { ${selection} } }`;
    const { url, fetch } = target();
    const { status, body } = await graphql<Record<string, Data>>(`${url}/graphql`, query, args, headers, fetch);
    const [error, ...others] = body.errors ?? [];
    if (!error) return { data: (body.data as Record<string, Data>)[field] as Data };
    if (others.length > 0 || (body.data?.[field] ?? null) !== null) throw new Error(`odd: ${JSON.stringify(body)}`);
    return { code: error.extensions?.code ?? error.code ?? "", message: error.message, status };
  }

  const tokens = ({ hidesTokens, hasRefreshTokens }: Target): string => {
    if (hidesTokens) return "";
    return hasRefreshTokens ? "token refreshToken" : "token";
  };
  const refreshed = (): string => `${tokens(target())} payload refreshExpiresIn`;
  return {
    name: "GraphQL",
    api: "GraphQL",
    tokenAuth: (args, headers) =>
      run({ field: "tokenAuth", args, selection: `${refreshed()} user { ${USER} }` }, headers),
    verifyToken: (args, headers) => run({ field: "verifyToken", args, selection: "payload" }, headers),
    refreshToken: (args, headers) => run({ field: "refreshToken", args, selection: refreshed() }, headers),
    revokeToken: (args, headers) => run({ field: "revokeToken", args, selection: "revoked" }, headers),
    setPassword: (args, headers) =>
      run({ field: "setPassword", args, selection: `${refreshed()} user { ${USER} }` }, headers),
    sessions: (args, headers) => run({ field: "sessions", type: "query", args, selection: SESSION }, headers),
    revokeSession: (args, headers) => run({ field: "revokeSession", args, selection: "revoked" }, headers),
    revokeOtherSessions: (headers) => run({ field: "revokeOtherSessions", selection: "count" }, headers),
    revokeAllSessions: (args, headers) => run({ field: "revokeAllSessions", args, selection: "count" }, headers),
    deleteTokenCookie: (headers) => run({ field: "deleteTokenCookie", selection: "deleted" }, headers),
    deleteRefreshTokenCookie: (headers) => run({ field: "deleteRefreshTokenCookie", selection: "deleted" }, headers),
    me: (headers) => run({ field: "me", type: "query", selection: USER }, headers),
  };
}

/** The tRPC face, through tRPC's own client. */
export function trpcFace(target: () => Target, link: HttpLink = httpLink): Face {
  const client = (headers: Headers = {}) => {
    const { url, fetch = globalThis.fetch } = target();
    // Its clients type fetch for every platform at once.
    return trpcClient(link({ url: `${url}/trpc`, headers, fetch: fetch as never }));
  };
  return {
    name: link === httpLink ? "tRPC" : `tRPC's ${link.name}`,
    api: "tRPC",
    tokenAuth: (args, headers) => outcomeOf(client(headers).auth.tokenAuth.mutate(args as never)),
    verifyToken: (args, headers) => outcomeOf(client(headers).auth.verifyToken.mutate(args as never)),
    refreshToken: (args, headers) => outcomeOf(client(headers).auth.refreshToken.mutate(args as never)),
    revokeToken: (args, headers) => outcomeOf(client(headers).auth.revokeToken.mutate(args as never)),
    setPassword: (args, headers) => outcomeOf(client(headers).auth.setPassword.mutate(args as never)),
    sessions: (args, headers) => outcomeOf(client(headers).auth.sessions.query(args as never)),
    revokeSession: (args, headers) => outcomeOf(client(headers).auth.revokeSession.mutate(args as never)),
    revokeOtherSessions: (headers) => outcomeOf(client(headers).auth.revokeOtherSessions.mutate()),
    revokeAllSessions: (args, headers) => outcomeOf(client(headers).auth.revokeAllSessions.mutate(args as never)),
    deleteTokenCookie: (headers) => outcomeOf(client(headers).auth.deleteTokenCookie.mutate()),
    deleteRefreshTokenCookie: (headers) => outcomeOf(client(headers).auth.deleteRefreshTokenCookie.mutate()),
    me: (headers) => outcomeOf(client(headers).auth.me.query()),
  };
}

/** A typed client of the bundled server, with one of tRPC's links. */
export function trpcClient(link: TRPCLink<AppRouter>) {
  return createTRPCClient<AppRouter>({ links: [link] });
}

/** What a call of tRPC's client came to; the status is that of the HTTP answer. */
export async function outcomeOf<Data>(call: Promise<Data>): Promise<Outcome<Data>> {
  try {
    return { data: await call };
  } catch (error) {
    if (!(error instanceof TRPCClientError)) throw error;
    const data = error.data as { errorCode?: string } | null | undefined;
    const response = error.meta?.["response"] as Response | undefined;
    return { code: data?.errorCode ?? "", message: error.message, status: response?.status ?? 0 };
  }
}
