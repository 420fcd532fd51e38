/**
 * What clients of Janus use: a client that keeps a user logged in, and the types that a tRPC client compiles against. It has no
 * dependency and no code of the server; it runs wherever there is a `fetch`.
 *
 * @example
 * import { createTRPCClient, httpBatchLink } from "@trpc/client";
 * import { type AppRouter, createAuthClient } from "janus-auth/client";
 *
 * const url = "http://127.0.0.1:4000/trpc";
 * const auth = createAuthClient({ url });
 * await auth.login("alice", "…");
 * const janus = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url, fetch: auth.fetch })] });
 * console.log(await janus.auth.me.query());
 */
export type { Issued } from "./auth-api.js";
export { AuthClientError } from "./auth-client-error.js";
export type { AuthClient, AuthClientOf, LogoutResult } from "./auth-client.js";
export type { AuthEvent } from "./auth-events.js";
export { createAuthClient } from "./create-auth-client.js";
export type { AuthFetch, FetchLike } from "./fetch-like.js";
export { localStorageStore } from "./local-storage-store.js";
export type { SetTimer } from "./keep-connection.js";
export type { Lock } from "./lock.js";
export type { AuthClientOptions } from "./options.js";
export type { Session, StoredSession } from "./session.js";
export { memoryStore, type TokenStore } from "./token-store.js";
export type { Transformer } from "./transformer.js";
export type { AuthLink } from "./trpc-link.js";

export type {
  AppRouter,
  AuthErrorShape,
  AuthProcedures,
  AuthRouter,
  AuthUserOutput,
  HiddenRefreshOutput,
  HiddenTokenAppRouter,
  HiddenTokenAuthOutput,
  HiddenTokenAuthRouter,
  RefreshOutput,
  SessionEventOutput,
  TokenAuthOutput,
  TokenPayload,
} from "../trpc/auth-router-types.js";
