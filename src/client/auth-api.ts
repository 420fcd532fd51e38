import type { TokenPayload } from "../trpc/auth-router-types.js";

/** What a login or a refresh hands out: `tokenAuth`, `refreshToken` and `setPassword` answer it. */
export interface Issued<User = unknown> {
  readonly payload: TokenPayload;
  /** Missing where the server has `hideTokenFields` on. */
  readonly token?: string | undefined;
  /** Missing there, and in single-token mode. */
  readonly refreshToken?: string | undefined;
  /** Unix seconds. */
  readonly refreshExpiresIn?: number | undefined;
  readonly user?: User | undefined;
}

/** The tokens of a session; none of them where they are in cookies. */
export interface Tokens {
  readonly token?: string | undefined;
  readonly refreshToken?: string | undefined;
}

/** The operations that the client needs, over one of the server's faces. @throws AuthClientError, each of them */
export interface AuthApi {
  login(username: string, password: string): Promise<Issued>;
  /** Exchanges the refresh token; without one the access token, or the cookies. */
  refresh(tokens: Tokens): Promise<Issued>;
  revoke(tokens: Tokens): Promise<void>;
  deleteCookies(): Promise<void>;
}
