import type { AuthChecker } from "type-graphql";

import { assertAllowed, type Rule } from "../auth/rules.js";
import type { AuthContext } from "../request/context.js";
import { enterField } from "./argument-authentication.js";

/**
 * The `authChecker` for TypeGraphQL's `buildSchema`: decides `@Authorized(...rules)`.
 *
 * It throws instead of answering false, because TypeGraphQL has messages and codes of its own for that.
 * TypeGraphQL takes a function with a `prototype` for a class, so this has to be an async or arrow function.
 */
// `Rule<never>`: a rule may be written for the host application's own user type, which its directory answers.
export const authChecker: AuthChecker<AuthContext, Rule<never>> = async (data, rules) => {
  await enterField(data);
  await assertAllowed(data.context.user as never, rules, { args: data.args, root: data.root as unknown });
  return true;
};
