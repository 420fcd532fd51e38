import type { DataSource, ObjectLiteral, Repository } from "typeorm";

import type { Clock } from "../clock.js";
import { isDuplicate } from "../database/database-error.js";
import { type Companions, EntityTable } from "../database/entity-table.js";
import { withDatabase } from "../database/retry.js";
import { uuidV7 } from "../database/uuid-v7.js";
import { BadUserInputError } from "../errors.js";
import { BatchLookup } from "../database/batch-lookup.js";
import { checkNewUser, type NewUser, normalizeUsername, passwordProblem } from "./new-user.js";
import type { PasswordHasher } from "./password-hasher.js";
import { passwordHashOf, toAccount, type UserAccount } from "./user-account.js";
import type { UserDirectory } from "./user-directory.js";
import { User } from "./user.js";

/** Another user already has this username or e-mail address. */
export class UserExistsError extends Error {
  override readonly name = "UserExistsError";

  constructor() {
    super("A user with this username or e-mail address already exists");
  }
}

/** What `TypeOrmUsers` may be given. */
export interface TypeOrmUsersOptions {
  /** The column that users are found by: `usernameField`. By default `username`. */
  readonly naturalKey?: "username" | "email";
}

/** The users of Janus's own table. */
export class TypeOrmUsers implements UserDirectory<UserAccount> {
  private readonly rows: Repository<User>;
  private readonly table: EntityTable<User>;
  private readonly naturalKey: "username" | "email";
  private readonly lookup = new BatchLookup<User>((keys) => this.load(keys));

  constructor(
    dataSource: DataSource,
    private readonly hasher: PasswordHasher,
    { naturalKey = "username" }: TypeOrmUsersOptions = {},
  ) {
    this.rows = dataSource.getRepository(User);
    this.table = new EntityTable(dataSource, User);
    this.naturalKey = naturalKey;
  }

  /** Finds a user by username (in any Unicode spelling) or e-mail address (exactly as stored). */
  async findByNaturalKey(naturalKey: string): Promise<UserAccount | null> {
    const row = await this.lookup.find(this.spellingOf(naturalKey));
    return row && toAccount(row);
  }

  /** How a natural key is spelled in the table. */
  spellingOf(naturalKey: string): string {
    return this.naturalKey === "username" ? normalizeUsername(naturalKey) : naturalKey;
  }

  /**
   * Users together with rows of another table that name them, in one statement: a pair for each such row, and one with
   * null for a user who has none.
   *
   * @param naturalKeys as `spellingOf` has them
   * @internal The table is none of the library's.
   */
  async findWith<Other extends ObjectLiteral>(
    naturalKeys: readonly string[],
    { joinedBy, ...companions }: Omit<Companions<User, Other>, "on"> & { readonly joinedBy: keyof Other & string },
  ): Promise<{ naturalKey: string; user: UserAccount; other: Other | null }[]> {
    const on = { own: this.naturalKey, other: joinedBy };
    const find = () => this.table.findWith(this.naturalKey, naturalKeys, { ...companions, on });
    const found = await withDatabase(find, { mayRunTwice: true });
    return found.map(([row, other]) => ({ naturalKey: row[this.naturalKey] ?? "", user: toAccount(row), other }));
  }

  /**
   * Rows of another table together with the users that they name, in one statement: null where there is no such user.
   *
   * @param joinedBy the property that names a user, spelled as in the table of users
   * @internal The same.
   */
  async findOf<Row extends ObjectLiteral>(
    table: EntityTable<Row>,
    { property, values, joinedBy }: { property: keyof Row & string; values: unknown[]; joinedBy: keyof Row & string },
  ): Promise<{ row: Row; user: UserAccount | null }[]> {
    const on = { own: joinedBy, other: this.naturalKey };
    const find = () => table.findWith(property, values, { table: this.table, on });
    const found = await withDatabase(find, { mayRunTwice: true });
    // Compared again, as in `load`.
    return found.map(([row, user]) => {
      const isExact = user !== null && user[this.naturalKey] === row[joinedBy];
      return { row, user: isExact ? toAccount(user) : null };
    });
  }

  /** @param user an account that this directory handed out, not a copy of one */
  async checkPassword(user: UserAccount | null, password: string): Promise<boolean> {
    return this.hasher.verify(user && passwordHashOf(user), password);
  }

  /**
   * @param at when: sessions and tokens from before are refused
   * @throws {BadUserInputError} for a username, e-mail address or password that is not acceptable
   * @throws {UserExistsError}
   */
  async create(newUser: NewUser, at: Date): Promise<UserAccount> {
    checkNewUser(newUser);
    const row = this.rows.create({
      id: uuidV7(at),
      username: normalizeUsername(newUser.username),
      email: newUser.email ?? null,
      passwordHash: await this.hasher.hash(newUser.password),
      isActive: newUser.isActive ?? true,
      isStaff: newUser.isStaff ?? false,
      isSuperuser: newUser.isSuperuser ?? false,
      roles: [...(newUser.roles ?? [])],
      permissions: [...(newUser.permissions ?? [])],
      tokensValidAfter: at,
      created: at,
    });
    // After a lost connection a second INSERT could only meet the first one, so it is not sent again.
    await withDatabase(() => this.rows.insert(row)).catch((error: unknown) => {
      throw isDuplicate(error) ? new UserExistsError() : error;
    });
    return toAccount(row);
  }

  /**
   * Changes a user's password, if it is still the one that `checkPassword` knew of this account: of any number of changes at
   * once there is one. Sessions and tokens from before are refused from then on.
   *
   * @param user an account that this directory handed out, not a copy of one
   * @param at when, if there is no clock
   * @param clock asked for the time when the password is hashed
   * @returns false if there is no such user, or no more with that password
   * @throws {BadUserInputError} for a password that is not acceptable
   */
  async setPassword(user: UserAccount, password: string, at: Date, clock?: Clock): Promise<boolean> {
    const set = await this.newPassword(password, clock ?? { now: () => at });
    // A copy has no hash, and no user has an empty one.
    const change = { set, where: { id: user.id, passwordHash: passwordHashOf(user) ?? "" } };
    // Never sent again after a lost connection: it would not find what the first one has changed.
    return (await withDatabase(() => this.table.update(change))) === 1;
  }

  /**
   * Sets a user's password, whatever it is now: for operators, whom nobody who knows the old one is to overtake. Sessions and
   * tokens from before are refused from then on.
   *
   * @param clock asked for the time when the password is hashed
   * @returns false if there is no user with this id
   * @throws {BadUserInputError} for a password that is not acceptable
   */
  async resetPassword({ id }: UserAccount, password: string, clock: Clock): Promise<boolean> {
    const change = { set: await this.newPassword(password, clock), where: { id } };
    const changed = await withDatabase(() => this.table.update(change), { mayRunTwice: true }); // the same values again
    return changed === 1;
  }

  /** How many users there are. */
  async count(): Promise<number> {
    return withDatabase(() => this.rows.count(), { mayRunTwice: true });
  }

  async isEmpty(): Promise<boolean> {
    return !(await withDatabase(() => this.rows.exists(), { mayRunTwice: true }));
  }

  private async newPassword(password: string, clock: Clock): Promise<Pick<User, "passwordHash" | "tokensValidAfter">> {
    const problem = passwordProblem(password);
    if (problem !== null) throw new BadUserInputError([{ argument: "password", problem }]);
    const passwordHash = await this.hasher.hash(password);
    return { passwordHash, tokensValidAfter: clock.now() };
  }

  /** The keys are compared again here: a collation may find `Alice` for `alice`, and drop spaces at the end. */
  private async load(keys: string[]): Promise<ReadonlyMap<string, User>> {
    const rows = await withDatabase(() => this.table.findBy(this.naturalKey, keys), { mayRunTwice: true });
    return new Map(rows.map((row) => [row[this.naturalKey] ?? "", row]));
  }
}
