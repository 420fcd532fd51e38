import { createDataSource } from "../../src/database/data-source.js";
import { RefreshToken } from "../../src/sessions/refresh-token.js";
import { TypeOrmUsers } from "../../src/users/typeorm-users.js";
import { User } from "../../src/users/user.js";
import { CountingHasher } from "./counting-hasher.js";
import { PASSWORD } from "./test-context.js";

/** Creates users with the password `PASSWORD` in a migrated database. Their logins are cheap, as their hashes are. */
export async function createUsers(url: string, usernames: readonly string[]): Promise<void> {
  const dataSource = await createDataSource({ url, entities: [RefreshToken, User] }).initialize();
  try {
    const users = new TypeOrmUsers(dataSource, new CountingHasher());
    for (const username of usernames) await users.create({ username, password: PASSWORD }, new Date(0));
  } finally {
    await dataSource.destroy();
  }
}
