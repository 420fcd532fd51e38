import { initTRPC, type TRPCError } from "@trpc/server";
import { admit, assertIsRule, type Rule } from "../auth/rules.js";
import { AuthError } from "../errors.js";
import { assertNoToken, contextOfArgument } from "../request/argument.js";
import type { AuthContext } from "../request/context.js";
import { asTRPCError, formatTRPCError, toTRPCError } from "./error-shape.js";
import { LiveCall } from "./live-call.js";
import { decided } from "./missing-rules.js";

/** How often an event stream says that it is still there, milliseconds: proxies cut off what is silent. */
const STREAM_PING = 12_000;

/** The user type of a context. */
type UserOf<TContext extends AuthContext> = NonNullable<TContext["user"]>;

/**
 * Builds tRPC for a context: `router`, `procedure`, `publicProcedure` and `authorized(...rules)`. A host application calls it once with its
 * own context type.
 *
 * @example
 * const { router, authorized } = createTrpc<AuthContext & { recipes: Recipes }>();
 * const appRouter = router({
 *   auth: auth.trpcRouter,
 *   edit: authorized("perm:recipes.edit").mutation(({ ctx }) => ctx.recipes.edit(ctx.user)),
 * });
 */
export function createTrpc<TContext extends AuthContext = AuthContext>() {
  // `isDev` would send stacks to clients outside production.
  const t = initTRPC.context<TContext>().create({
    isDev: false,
    errorFormatter: formatTRPCError,
    sse: { ping: { enabled: true, intervalMs: STREAM_PING } },
  });

  // Each is made anew for each kind of procedure. To build one kind on another would call a middleware more in every
  // call, and what a middleware costs is most of what a call does.
  const newOperation = () =>
    t.procedure.use(async ({ ctx, type, signal, next }) => {
      // What is asked over HTTP, and answered once.
      if (!ctx.connection && type !== "subscription") return withOurError(await next());
      try {
        const live = await LiveCall.begin(ctx, { type, signal });
        if (!live) return withOurError(await next());
        const { user, payload } = live.identity;
        // The directory's users are those that the context is of.
        const sameType = user as TContext["user"];
        const { connection, operation: running } = live;
        const result = await next({ ctx: { user: sameType, payload, connection, operation: running } });
        return withOurError(live.watch(result));
      } catch (error) {
        throw asTRPCError(error);
      }
    });
  const newProcedure = () =>
    newOperation().use(async ({ ctx, type, getRawInput, next }) => {
      if (!ctx.auth.settings.allowArgument) return next();
      const args = asArguments(await getRawInput());
      if (type === "subscription") assertNoToken(ctx, args);
      const { user, payload } = await contextOfArgument<AuthContext>(ctx, args);
      // The directory's users are those that the context is of.
      const sameType = user as TContext["user"];
      return next({ ctx: { user: sameType, payload } });
    });

  /** A procedure that takes no token as its credential: one whose input named `token` is its very business. */
  const operation = newOperation();

  /**
   * A procedure that nothing is decided about: `auth.assertRules` refuses it. With the setting `allowArgument` a token in its
   * input decides who `ctx.user` is.
   */
  const procedure = newProcedure();

  /** A procedure for everybody, anonymous clients too, and marked as one. */
  const publicProcedure = decided(newProcedure());

  /** The same as an `operation`. */
  const publicOperation = decided(newOperation());

  /**
   * A procedure for those whom the rules admit, the same as `@Authorized(...rules)`; `ctx.user` is not null behind it. A
   * predicate's `args` are the input as the client sent it: put checks of its content into the procedure.
   *
   * @throws TypeError at once for a rule that is none
   */
  function authorized(...rules: readonly Rule<UserOf<TContext>>[]) {
    for (const rule of rules) assertIsRule(rule);
    const admitted = procedure.use(async ({ ctx, getRawInput, next }) => {
      const args = asArguments(rules.length > 0 ? await getRawInput() : undefined);
      const { user: given } = ctx as AuthContext<UserOf<TContext>>;
      const user = await admit<UserOf<TContext>>(given, rules, { args, root: undefined });
      return next({ ctx: { user } });
    });
    return decided(admitted);
  }

  return {
    router: t.router,
    mergeRouters: t.mergeRouters,
    procedure,
    publicProcedure,
    authorized,
    operation,
    publicOperation,
  };
}

/** What a middleware answers. */
type Result = { readonly ok: true } | { readonly ok: false; readonly error: TRPCError };

/** Makes tRPC's error of ours, whoever threw it. */
function withOurError<T extends Result>(result: T): T {
  if (!result.ok && result.error.cause instanceof AuthError) throw toTRPCError(result.error.cause);
  return result;
}

function asArguments(input: unknown): Readonly<Record<string, unknown>> {
  return typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
}
