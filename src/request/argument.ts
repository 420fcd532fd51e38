import type { AuthContext } from "./context.js";

/**
 * Per-argument authentication: the context of a field or procedure that was given a token of its own, or the same
 * context if it was not. The argument may also stand in an `input` object, as Relay has it.
 *
 * @throws JsonWebTokenError for a token that must not be accepted
 */
export async function contextOfArgument<TContext extends AuthContext>(
  context: TContext,
  args: Readonly<Record<string, unknown>>,
): Promise<TContext> {
  const { allowArgument, argumentName } = context.auth.settings;
  if (!allowArgument) return context;
  const token = args[argumentName] ?? memberOf(args["input"], argumentName);
  if (typeof token !== "string") return context;
  const { user, payload } = await context.auth.identify(token, context.request);
  return { ...context, user, payload: user && payload };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
