import { type AuthUser, naturalKeyIn } from "../auth-user.js";

/** What a client is shown of a user: a plain object, never the entity behind it. */
export interface UserOutput {
  id: string;
  username: string;
  email: string | null;
  isStaff: boolean;
  isSuperuser: boolean;
  roles: string[];
  permissions: string[];
}

/** @param usernameField the property that holds the natural key, shown as `username` where the user has none */
export function userOutput(user: AuthUser, usernameField: string): UserOutput {
  return {
    id: String(user.id),
    username: user.username ?? String(naturalKeyIn(user, usernameField)),
    email: user.email ?? null,
    isStaff: user.isStaff ?? false,
    isSuperuser: user.isSuperuser ?? false,
    roles: [...(user.roles ?? [])],
    permissions: [...(user.permissions ?? [])],
  };
}
