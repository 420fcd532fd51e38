import type { AuthUser } from "../auth-user.js";
import type { User } from "./user.js";

/** A user as `TypeOrmUsers` hands it out: everything but the password hash. */
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
class HandedOut implements UserAccount {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  readonly isActive: boolean;
  readonly isStaff: boolean;
  readonly isSuperuser: boolean;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly tokensValidAfter: Date;
  readonly created: Date;
  /** Private to the engine: nobody who logs, copies or answers an account gives it away. */
  readonly #passwordHash: string;

  constructor(row: User) {
    this.id = row.id;
    this.username = row.username;
    this.email = row.email;
    this.isActive = row.isActive;
    this.isStaff = row.isStaff;
    this.isSuperuser = row.isSuperuser;
    this.roles = row.roles;
    this.permissions = row.permissions;
    this.tokensValidAfter = row.tokensValidAfter;
    this.created = row.created;
    this.#passwordHash = row.passwordHash;
  }

  static passwordHashOf(account: UserAccount): string | null {
    return #passwordHash in account ? account.#passwordHash : null;
  }
}

export function toAccount(row: User): UserAccount {
  return new HandedOut(row);
}

/** Null for an account that `toAccount` did not make, such as a copy of one. */
export function passwordHashOf(account: UserAccount): string | null {
  return HandedOut.passwordHashOf(account);
}
