import type { AnyTRPCRouter, inferRouterOutputs } from "@trpc/server";

/** The auth router within a router: at `auth`, or the router itself. */
type AuthOutputs<Router extends AnyTRPCRouter> =
  inferRouterOutputs<Router> extends { auth: infer Outputs } ? Outputs : inferRouterOutputs<Router>;

/** The user as a login answers it, by the type of the server's router. */
export type UserOf<Router extends AnyTRPCRouter> =
  AuthOutputs<Router> extends { tokenAuth: { user: infer User } } ? User : never;
