import type { AuthUser } from "../auth-user.js";
import type { Clock } from "../clock.js";

/**
 * Where users come from. A host application implements it over its own users; `TypeOrmUsers` is ours.
 *
 * A rejected promise means "cannot be answered now" and becomes 503 or 500, never "no such user".
 */
export interface UserDirectory<TUser extends AuthUser = AuthUser> {
  /**
   * The user with this natural key (the value of the property that `usernameField` names), or null; undefined is taken
   * for null. Called on every authenticated request and on every refresh; inactive users are returned too.
   */
  findByNaturalKey(naturalKey: string): Promise<TUser | null>;

  /**
   * Whether this is the user's password. Called with null for a user that does not exist: it must then take as long
   * as for one that does, and answer false. `PasswordHasher.verify(null, password)` does just that.
   */
  checkPassword(user: TUser | null, password: string): Promise<boolean>;

  /**
   * One spelling for all natural keys that `findByNaturalKey` takes for the same, so that attempts to log in with any of
   * them are counted together. It must not depend on which users there are. By default Unicode's NFKC in small letters;
   * a directory that ignores more than capitals, accents for example, has to say so here.
   */
  spellingOf?(naturalKey: string): string;

  /**
   * Sets the password of a user, and moves their `tokensValidAfter`, in one step: logins that are under way see by it
   * that the password has been changed. Optional: without it nobody can change a password through Janus.
   *
   * That step has to miss a user whose password is no more the one that `checkPassword` found right for `user`, for example by
   * `UPDATE … WHERE id = ? AND password_hash = ?` with the hash from then: a thief who knows the old password must not undo
   * the owner's change.
   *
   * @param at where to: when the change was asked for
   * @param clock better, if the password is hashed first: what it says after that, so that tokens of logins with the old
   *   password meanwhile are from before
   * @returns false if there is no such user, or no more with that password
   * @throws BadUserInputError for a password that is not acceptable
   */
  setPassword?(user: TUser, password: string, at: Date, clock: Clock): Promise<boolean>;
}
