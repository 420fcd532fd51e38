import { type Auth, createAuth, type UserDirectory } from "../../src/index.js";
import { MEMORY_USERS, type MemoryUser, PASSWORD, SECRET, TOKEN_LIFETIME } from "../subject.js";

/** Users in memory, whose password costs nothing to check: hashing is measured apart. */
const users: UserDirectory<MemoryUser> = {
  async findByNaturalKey(username) {
    return MEMORY_USERS.get(username) ?? null;
  },
  async checkPassword(user, password) {
    return user !== null && password === PASSWORD;
  },
};

/** Janus as a library without a database: the profile `documented`, with expiry checked as the others do. */
export function memoryAuth(): Promise<Auth<MemoryUser>> {
  const settings = { verifyExpiration: true, expirationDelta: TOKEN_LIFETIME };
  return createAuth({ users, secretKey: SECRET, settings });
}
