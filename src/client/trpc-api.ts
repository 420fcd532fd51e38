import type { ErrorCode } from "../errors.js";
import type { AuthApi, Issued, Tokens } from "./auth-api.js";
import { AuthClientError } from "./auth-client-error.js";
import { type JsonAnswer, postJson, type Sender, unexpected } from "./json-request.js";
import type { TimeLimits } from "./time-limits.js";

/** What the tRPC face answers a single call (without a transformer). */
interface TrpcAnswer {
  readonly result?: { readonly data?: unknown };
  readonly error?: { readonly message: string; readonly data?: { readonly errorCode?: ErrorCode } };
}

/**
 * The operations over tRPC's plain HTTP: no tRPC client is needed.
 *
 * @param url of the tRPC endpoint
 * @param router where the auth router is mounted; empty for a root
 */
export function trpcApi(sender: Sender, limits: TimeLimits, url: string, router: string): AuthApi {
  const root = `${url.replace(/\/$/, "")}/${router && `${router}.`}`;

  async function call(procedure: string, input: object, limit = limits.operation): Promise<unknown> {
    return dataOf(await postJson(sender, root + procedure, input, { limit }));
  }

  return {
    login: async (username, password) => (await call("tokenAuth", { username, password }, limits.login)) as Issued,
    refresh: async (tokens) => (await call("refreshToken", presented(tokens))) as Issued,
    revoke: async ({ refreshToken }) => void (await call("revokeToken", { refreshToken })),
    async deleteCookies() {
      await call("deleteTokenCookie", {});
      await call("deleteRefreshTokenCookie", {});
    },
  };
}

/** The one token that is to be exchanged. */
function presented({ token, refreshToken }: Tokens): Tokens {
  return refreshToken === undefined ? { token } : { refreshToken };
}

function dataOf({ status, body }: JsonAnswer): unknown {
  const { result, error } = body as TrpcAnswer;
  if (result?.data !== undefined) return result.data;
  if (error?.data?.errorCode === undefined) throw unexpected(status);
  throw new AuthClientError(error.data.errorCode, error.message, status);
}
