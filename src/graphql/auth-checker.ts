import type { AuthChecker, ResolverData } from "type-graphql";

import { admit, type Rule } from "../auth/rules.js";
import { ForbiddenError, UnauthenticatedError } from "../errors.js";
import type { AuthContext } from "../request/context.js";
import { enterField } from "./argument-authentication.js";
import { isSubscription } from "./subscription-root.js";

/*
 * Both take `Rule<never>`: a rule may be written for the host application's own user type, which its directory answers.
 * TypeGraphQL takes a function with a `prototype` for a class, so these have to be arrow functions.
 */

/**
 * The `authChecker` for TypeGraphQL's `buildSchema`: decides `@Authorized(...rules)`.
 *
 * It throws instead of answering false, because TypeGraphQL has messages and codes of its own for that.
 */
export const authChecker: AuthChecker<AuthContext, Rule<never>> = (data, rules) => decide(data, rules);

/**
 * The same for `buildSchema({ authMode: "null" })`, where a denied field is to be null and no error. A denied subscription is
 * an error still, for there would be no stream to tell of null, and so is whatever else goes wrong.
 */
export const silentAuthChecker: AuthChecker<AuthContext, Rule<never>> = async (data, rules) => {
  try {
    return await decide(data, rules);
  } catch (error) {
    const isDenial = error instanceof UnauthenticatedError || error instanceof ForbiddenError;
    if (!isDenial || isSubscription(data.info)) throw error;
    return false;
  }
};

/** Most fields have a rule that can be told at once, and no token of their own: then nothing is waited for. */
function decide(data: ResolverData<AuthContext>, rules: readonly Rule<never>[]): true | Promise<true> {
  const entered = enterField(data);
  if (entered) return entered.then(() => assertAdmitted(data, rules));
  return assertAdmitted(data, rules);
}

function assertAdmitted({ context, args, root }: ResolverData<AuthContext>, rules: readonly Rule<never>[]) {
  const user = admit(context.user, rules as readonly Rule[], { args, root: root as unknown });
  return user instanceof Promise ? user.then(() => true as const) : true;
}
