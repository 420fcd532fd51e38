import { BadUserInputError } from "../errors.js";
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
  const token = tokenOfArgument(context, args);
  if (token === undefined) return context;
  const { user, payload } = await context.auth.identify(token, context.request);
  return { ...context, user, payload: user && payload };
}

/**
 * A subscription is given no token of its own: it is for the user of its connection, and ends with the connection's token.
 *
 * @throws BadUserInputError
 */
export function assertNoToken(context: AuthContext, args: Readonly<Record<string, unknown>>): void {
  if (tokenOfArgument(context, args) === undefined) return;
  const problem = "A subscription takes its token from its connection";
  throw new BadUserInputError([{ argument: context.auth.settings.argumentName, problem }]);
}

/** The token that a field or procedure was given of its own; undefined without one. */
function tokenOfArgument(
  { auth }: Pick<AuthContext, "auth">,
  args: Readonly<Record<string, unknown>>,
): string | undefined {
  const { allowArgument, argumentName } = auth.settings;
  if (!allowArgument) return undefined;
  const token = args[argumentName] ?? memberOf(args["input"], argumentName);
  return typeof token === "string" ? token : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
