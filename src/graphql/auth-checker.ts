import type { AuthChecker, ResolverData } from "type-graphql";

import { assertAllowed, type Rule } from "../auth/rules.js";
import { ForbiddenError, UnauthenticatedError } from "../errors.js";
import type { AuthContext } from "../request/context.js";
import { enterField } from "./argument-authentication.js";

/*
 * Both take `Rule<never>`: a rule may be written for the host application's own user type, which its directory answers.
 * TypeGraphQL takes a function with a `prototype` for a class, so these have to be arrow functions.
 */

/**
 * The `authChecker` for TypeGraphQL's `buildSchema`: decides `@Authorized(...rules)`.
 *
 * It throws instead of answering false, because TypeGraphQL has messages and codes of its own for that.
 */
export const authChecker: AuthChecker<AuthContext, Rule<never>> = async (data, rules) => {
  await decide(data, rules);
  return true;
};

/**
 * The same for `buildSchema({ authMode: "null" })`, where a denied field is to be null and no error. Whatever else goes
 * wrong is an error still.
 */
export const silentAuthChecker: AuthChecker<AuthContext, Rule<never>> = async (data, rules) => {
  try {
    await decide(data, rules);
    return true;
  } catch (error) {
    if (error instanceof UnauthenticatedError || error instanceof ForbiddenError) return false;
    throw error;
  }
};

async function decide(data: ResolverData<AuthContext>, rules: readonly Rule<never>[]): Promise<void> {
  await enterField(data);
  await assertAllowed(data.context.user as never, rules, { args: data.args, root: data.root as unknown });
}
