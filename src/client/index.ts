/**
 * What a tRPC client of Janus compiles against: types alone, so that a client project needs nothing but `@trpc/client`
 * and the `@trpc/server` that this needs itself.
 *
 * @example
 * import { createTRPCClient, httpBatchLink } from "@trpc/client";
 * import type { AppRouter } from "janus-auth/client";
 *
 * const janus = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: "http://127.0.0.1:4000/trpc" })] });
 * const { token } = await janus.auth.tokenAuth.mutate({ username: "alice", password: "…" });
 */
export type {
  AppRouter,
  AuthErrorShape,
  AuthProcedures,
  AuthRouter,
  AuthUserOutput,
  RefreshOutput,
  TokenAuthOutput,
  TokenPayload,
} from "../trpc/auth-router-types.js";
