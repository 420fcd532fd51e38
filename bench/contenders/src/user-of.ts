import { createVerifier } from "fast-jwt";
import { MEMORY_USERS, type MemoryUser, SECRET } from "../../../build/bench/subject.js";

/** fast-jwt at its fastest: verified tokens are cached. */
const verify = createVerifier({ key: SECRET, algorithms: ["HS256"], cache: true });

/** The user whose token is in an `Authorization` header. @throws what fast-jwt throws at a bad token */
export function userOf(header: string | undefined): MemoryUser | null {
  const [, token] = /^Bearer (.+)$/.exec(header ?? "") ?? [];
  if (token === undefined) return null;
  const { username } = verify(token) as { username: string };
  return MEMORY_USERS.get(username) ?? null;
}
