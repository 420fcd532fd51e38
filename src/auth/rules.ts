import type { AuthUser } from "../auth-user.js";
import { ForbiddenError, UnauthenticatedError } from "../errors.js";

/** What a rule's predicate may look at: the arguments of the field or procedure, and the parent object (GraphQL only). */
export interface RuleSubject {
  readonly args: Readonly<Record<string, unknown>>;
  readonly root: unknown;
}

/** A rule of one's own. It is asked for authenticated, active users only. */
export type RulePredicate<TUser extends AuthUser = AuthUser> = (
  user: TUser,
  subject: RuleSubject,
) => boolean | Promise<boolean>;

/**
 * Who may: `"staff"`, `"superuser"`, `"perm:recipes.edit"` (a permission), any other text (a role name), or a predicate.
 */
export type Rule<TUser extends AuthUser = AuthUser> = string | RulePredicate<TUser>;

/**
 * Decides whether a user may. No rule means: any authenticated user; several mean: any of them. `@Authorized(...rules)`
 * in GraphQL and `authorized(...rules)` in tRPC both end here.
 *
 * @throws UnauthenticatedError for an anonymous request
 * @throws ForbiddenError for a user whom no rule admits
 * @throws TypeError for a rule that is no rule: a mistake in the program never admits anybody
 */
export async function assertAllowed<TUser extends AuthUser>(
  user: TUser | null,
  rules: readonly Rule<TUser>[],
  subject: RuleSubject,
): Promise<TUser> {
  return admit(user, rules, subject);
}

/** The same at once, throwing or answering, unless a predicate has to be asked. */
export function admit<TUser extends AuthUser>(
  user: TUser | null,
  rules: readonly Rule<TUser>[],
  subject: RuleSubject,
): TUser | Promise<TUser> {
  for (const rule of rules) assertIsRule(rule);
  if (!user) throw new UnauthenticatedError(); // Also undefined, which a host application's context may hold.
  if (rules.length === 0) return user;
  for (const [index, rule] of rules.entries()) {
    if (typeof rule === "function") return admittedByAny(user, rules.slice(index), subject);
    if (isNamed(rule, user)) return user;
  }
  throw new ForbiddenError();
}

async function admittedByAny<TUser extends AuthUser>(
  user: TUser,
  rules: readonly Rule<TUser>[],
  subject: RuleSubject,
): Promise<TUser> {
  for (const rule of rules) {
    // Only `true` admits: a predicate that forgets its `return`, or answers an object, denies.
    const admits = typeof rule === "function" ? (await rule(user, subject)) === true : isNamed(rule, user);
    if (admits) return user;
  }
  throw new ForbiddenError();
}

/** @throws TypeError for an empty name, an empty permission, or anything that is neither text nor function. */
export function assertIsRule(rule: unknown): void {
  if (typeof rule === "function") return;
  if (typeof rule !== "string")
    throw new TypeError(`A rule is a text or a function, not a value of type ${typeof rule}.`);
  if (rule === "" || rule === "perm:") throw new TypeError(`A rule must name a role or a permission, not "${rule}".`);
}

function isNamed(rule: string, user: AuthUser): boolean {
  if (rule === "staff") return user.isStaff === true;
  if (rule === "superuser") return user.isSuperuser === true;
  if (rule.startsWith("perm:")) return hasPermission(user, rule.slice("perm:".length));
  return includes(user.roles, rule);
}

/** A superuser has every permission, as in Django; roles and `staff` are not implied. */
function hasPermission(user: AuthUser, permission: string): boolean {
  return user.isSuperuser === true || includes(user.permissions, permission);
}

/** A text, of a column that nobody has parsed, would have every name that is a part of it. */
function includes(names: readonly string[] | undefined, name: string): boolean {
  return Array.isArray(names) && names.includes(name);
}
