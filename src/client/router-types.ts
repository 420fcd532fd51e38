import type { AnyTRPCRouter, inferRouterOutputs } from "@trpc/server";

/** The auth router within a router: at `auth`, or the router itself. */
type AuthOutputs<Router extends AnyTRPCRouter> =
  inferRouterOutputs<Router> extends { auth: infer Outputs } ? Outputs : inferRouterOutputs<Router>;

/** What a login answers, by the type of the server's router. */
export type LoginOutputOf<Router extends AnyTRPCRouter> =
  AuthOutputs<Router> extends { tokenAuth: infer Output } ? Output : never;

/** The user as a login answers it. */
export type UserOf<Router extends AnyTRPCRouter> = LoginOutputOf<Router> extends { user: infer User } ? User : never;
