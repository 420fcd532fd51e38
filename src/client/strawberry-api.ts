import type { AuthUserOutput, TokenPayload } from "../trpc/auth-router-types.js";
import type { AuthApi, Issued } from "./auth-api.js";
import type { Credentials } from "./credentials.js";
import type { GraphQLRun } from "./graphql-api.js";
import { unexpected } from "./json-request.js";
import type { TimeLimits } from "./time-limits.js";

const TOKENS = "{ token refreshToken { token exp } }";

/** What `requestToken` answers. */
interface TokenAnswer {
  readonly token: string;
  readonly refreshToken: { readonly token: string; readonly exp: number } | null;
}

/**
 * The operations over GraphQL, by the contract of strawberry-django-extras. It answers tokens and nothing more: the claims are
 * read from the token, and the user is asked for. It has no operations by cookie.
 */
export function strawberryApi(run: GraphQLRun, limits: TimeLimits, credentials: Credentials): AuthApi {
  /** The login has succeeded: it stays so where this fails. */
  async function userOf(token: string | undefined): Promise<AuthUserOutput | undefined> {
    const query = "{ me { id username email isStaff isSuperuser roles permissions } }";
    const data = await run(query, {}, { headers: credentials.header({ token }) }).catch(() => undefined);
    return (data?.["me"] as AuthUserOutput | null | undefined) ?? undefined;
  }

  return {
    async login(username, password) {
      const query = `mutation ($username: String, $password: String) {
        requestToken(username: $username, password: $password) ${TOKENS} }`;
      const issued = issuedOf(await run(query, { username, password }, { limit: limits.login }));
      return { ...issued, user: await userOf(issued.token) };
    },
    async refresh({ token, refreshToken = token }) {
      const query = `mutation ($refreshToken: String) { requestToken(refreshToken: $refreshToken) ${TOKENS} }`;
      return issuedOf(await run(query, { refreshToken }));
    },
    async revoke({ refreshToken }) {
      await run("mutation ($token: String!) { revokeToken(token: $token) }", { token: refreshToken });
    },
    async deleteCookies() {},
  };
}

function issuedOf(data: Readonly<Record<string, unknown>>): Issued {
  const { token, refreshToken } = data["requestToken"] as TokenAnswer;
  return { token, payload: claimsOf(token), refreshToken: refreshToken?.token, refreshExpiresIn: refreshToken?.exp };
}

/** Read, not verified: the server does that. */
function claimsOf(token: string): TokenPayload {
  try {
    const part = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(part), (character) => character.codePointAt(0) ?? 0);
    return JSON.parse(new TextDecoder().decode(bytes)) as TokenPayload;
  } catch {
    throw unexpected(200, "the token is not a JSON Web Token");
  }
}
