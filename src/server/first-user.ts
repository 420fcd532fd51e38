import { randomBytes } from "node:crypto";
import type { JwtSettings } from "../settings/jwt-settings.js";
import { type TypeOrmUsers, UserExistsError } from "../users/typeorm-users.js";

/** The superuser that a first start makes. */
export interface FirstUser {
  /** What the user logs in with: the value of the property that `usernameField` names. */
  readonly username: string;
  /** To be shown once; it is kept nowhere but as a hash. */
  readonly password: string;
}

/** The domain of the e-mail address belongs to nobody (RFC 2606, section 3). */
const NAMES = { username: "admin", email: "admin@example.com" };

/**
 * Makes a superuser with a random password if there is no user at all. Answers null if there are users, or if another
 * server that started at the same moment made one.
 */
export async function createFirstUser(
  users: TypeOrmUsers,
  { usernameField }: Pick<JwtSettings, "usernameField">,
  at: Date,
): Promise<FirstUser | null> {
  if (!(await users.isEmpty())) return null;
  const password = randomBytes(18).toString("base64url");
  const names = usernameField === "email" ? NAMES : { username: NAMES.username };
  try {
    await users.create({ ...names, password, isStaff: true, isSuperuser: true }, at);
    return { username: usernameField === "email" ? NAMES.email : NAMES.username, password };
  } catch (error) {
    if (error instanceof UserExistsError) return null;
    throw error;
  }
}
