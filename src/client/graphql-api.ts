import type { ErrorCode } from "../errors.js";
import type { AuthApi, Issued, Tokens } from "./auth-api.js";
import { AuthClientError } from "./auth-client-error.js";
import { type JsonAnswer, postJson, type Sender, unexpected } from "./json-request.js";
import type { TimeLimits } from "./time-limits.js";

/** Runs a GraphQL operation and answers its data. @throws AuthClientError with the code of the first error */
export type GraphQLRun = (
  query: string,
  variables: object,
  options?: { readonly limit?: number; readonly headers?: Readonly<Record<string, string>> },
) => Promise<Readonly<Record<string, unknown>>>;

interface GraphQLAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly code?: string;
    readonly extensions?: { readonly code?: ErrorCode };
  }[];
}

const USER = "user { id username email isStaff isSuperuser roles permissions }";
const ISSUED = "payload refreshExpiresIn";

/** Which fields the schema has. */
export interface Fields {
  /** False where tokens are in cookies. */
  readonly tokens: boolean;
  /** Whether there are refresh tokens. */
  readonly refreshTokens: boolean;
}

/** The operations over GraphQL, by the contract of django-graphql-jwt. */
export function graphqlApi(run: GraphQLRun, limits: TimeLimits, fields: Fields): AuthApi {
  const tokens = fields.tokens ? `token ${fields.refreshTokens ? "refreshToken" : ""}` : "";
  const login = `mutation ($username: String!, $password: String!) {
    tokenAuth(username: $username, password: $password) { ${tokens} ${ISSUED} ${USER} } }`;
  const refresh = `mutation ($token: String, $refreshToken: String) {
    refreshToken(token: $token, refreshToken: $refreshToken) { ${tokens} ${ISSUED} } }`;
  return {
    login: async (username, password) =>
      (await run(login, { username, password }, { limit: limits.login }))["tokenAuth"] as Issued,
    refresh: async (given) => (await run(refresh, presented(given)))["refreshToken"] as Issued,
    revoke: async ({ refreshToken }) =>
      void (await run("mutation ($refreshToken: String) { revokeToken(refreshToken: $refreshToken) { revoked } }", {
        refreshToken,
      })),
    deleteCookies: async () =>
      void (await run("mutation { deleteTokenCookie { deleted } deleteRefreshTokenCookie { deleted } }", {})),
  };
}

/** The one token that is to be exchanged. */
function presented({ token, refreshToken }: Tokens): Tokens {
  return refreshToken === undefined ? { token } : { refreshToken };
}

/** Sends GraphQL over HTTP. */
export function graphqlRun(sender: Sender, limits: TimeLimits, url: string): GraphQLRun {
  return async (query, variables, { limit = limits.operation, headers = {} } = {}) =>
    dataOf(await postJson(sender, url, { query, variables }, { limit, headers }));
}

function dataOf({ status, body }: JsonAnswer): Readonly<Record<string, unknown>> {
  const { data, errors } = body as GraphQLAnswer;
  const [error] = errors ?? [];
  if (error?.extensions?.code !== undefined) throw new AuthClientError(error.extensions.code, error.message, status);
  if (error || !data) throw unexpected(status);
  return data;
}
