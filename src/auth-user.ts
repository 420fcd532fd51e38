/**
 * What Janus has to know about a user. A host application's own user type extends it; `UserDirectory` finds them.
 *
 * The natural key is not listed here because its name is a setting (`usernameField`, by default `username`):
 * the property of that name must hold a string.
 */
export interface AuthUser {
  /** Stable identifier, shown to clients as text: a GraphQL `ID`. */
  readonly id: string | number;
  /** A user that is not active can neither log in nor refresh, and their tokens are refused. */
  readonly isActive: boolean;
  /** Satisfies the rule `"staff"`. */
  readonly isStaff?: boolean;
  /** Satisfies every permission rule, and `"superuser"`. */
  readonly isSuperuser?: boolean;
  /** Role names, for rules such as `@Authorized("editor")`. */
  readonly roles?: readonly string[];
  /** Permission names, for rules such as `@Authorized("perm:recipes.edit")`. */
  readonly permissions?: readonly string[];
  /** Sessions and tokens from before this moment are refused: set it when the password changes. */
  readonly tokensValidAfter?: Date | null;
  /** Shown to clients by `me`. */
  readonly username?: string;
  /** Shown to clients by `me`. */
  readonly email?: string | null;
}

/** What the property holds that the setting `usernameField` names: a text, if the host application keeps its promise. */
export function naturalKeyIn(user: AuthUser, usernameField: string): unknown {
  return (user as AuthUser & Record<string, unknown>)[usernameField];
}
