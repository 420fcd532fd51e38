import { createSecretKey } from "node:crypto";
import type { JanusServer } from "../../src/server/index.js";
import { RefreshTokenCodec } from "../../src/tokens/refresh-token-codec.js";
import { SECRET_KEY } from "./forge.js";

/** Opens a session behind the server's back, so that no handler of its settings has a part in it. Answers the refresh token. */
export async function openSession({ application }: JanusServer, username: string, at: Date): Promise<string> {
  const codec = new RefreshTokenCodec(createSecretKey(SECRET_KEY, "utf8"), []);
  const random = codec.generateRandom(32);
  const session = { hash: codec.hash(random), user: username, created: at, userAgent: null, address: null };
  await application.refreshTokens.create(session);
  return codec.issue(random, 0);
}
