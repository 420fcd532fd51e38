import type { ErrorCode } from "../errors.js";
import type { AuthApi, Issued, Tokens } from "./auth-api.js";
import { AuthClientError } from "./auth-client-error.js";
import { type JsonAnswer, postJson, type Sender, unexpected } from "./json-request.js";
import type { TimeLimits } from "./time-limits.js";
import type { Wire } from "./transformer.js";

/** What the tRPC face answers a single call; `data` and `error` as the transformer writes them. */
interface TrpcAnswer {
  readonly result?: { readonly data?: unknown };
  readonly error?: unknown;
}

interface TrpcError {
  readonly message: string;
  readonly data?: { readonly errorCode?: ErrorCode };
}

/** How the server's tRPC is set up. */
export interface TrpcSetup {
  /** Where the auth router is mounted; empty for a root. */
  readonly router: string;
  readonly wire: Wire;
}

/**
 * The operations over tRPC's plain HTTP: no tRPC client is needed.
 *
 * @param url of the tRPC endpoint
 */
export function trpcApi(sender: Sender, limits: TimeLimits, url: string, { router, wire }: TrpcSetup): AuthApi {
  const root = `${url.replace(/\/$/, "")}/${router && `${router}.`}`;

  async function call(procedure: string, input: object, limit = limits.operation): Promise<unknown> {
    return dataOf(await postJson(sender, root + procedure, wire.write(input), { limit }), wire);
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

function dataOf({ status, body }: JsonAnswer, wire: Wire): unknown {
  const { result, error } = body as TrpcAnswer;
  if (result?.data !== undefined) return wire.read(result.data);
  const { message, data } = readError(error, wire) ?? {};
  if (message === undefined || data?.errorCode === undefined) throw unexpected(status);
  throw new AuthClientError(data.errorCode, message, status);
}

/** A proxy in front answers without the transformer. */
function readError(error: unknown, wire: Wire): Partial<TrpcError> | undefined {
  try {
    return wire.read(error) as Partial<TrpcError> | undefined;
  } catch {
    return undefined;
  }
}
