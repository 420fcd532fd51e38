import type { AuthUser } from "../auth-user.js";
import type { User } from "./user.js";

/** A user as `TypeOrmUsers` hands it out: a plain object with everything but the password hash. */
export interface UserAccount extends AuthUser {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  readonly isStaff: boolean;
  readonly isSuperuser: boolean;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly tokensValidAfter: Date;
  readonly created: Date;
}

/** Names what is copied, so that a secret column of tomorrow is not handed out by accident. */
export function toAccount(row: User): UserAccount {
  const { id, username, email, isActive, isStaff, isSuperuser, roles, permissions, tokensValidAfter, created } = row;
  return { id, username, email, isActive, isStaff, isSuperuser, roles, permissions, tokensValidAfter, created };
}
