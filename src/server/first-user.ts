import { randomBytes } from "node:crypto";
import { type TypeOrmUsers, UserExistsError } from "../users/typeorm-users.js";

/** The superuser that a first start makes. */
export interface FirstUser {
  readonly username: string;
  /** To be shown once; it is kept nowhere but as a hash. */
  readonly password: string;
}

/**
 * Makes a superuser with a random password if there is no user at all. Answers null if there are users, or if another
 * server that started at the same moment made one.
 */
export async function createFirstUser(users: TypeOrmUsers, at: Date): Promise<FirstUser | null> {
  if (!(await users.isEmpty())) return null;
  const first = { username: "admin", password: randomBytes(18).toString("base64url") };
  try {
    await users.create({ ...first, isStaff: true, isSuperuser: true }, at);
    return first;
  } catch (error) {
    if (error instanceof UserExistsError) return null;
    throw error;
  }
}
