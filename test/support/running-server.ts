import { createServer, type JanusServer, type ServerOptions } from "../../src/server/index.js";
import { PasswordHasher } from "../../src/users/password-hasher.js";

/** argon2id at the least cost that it has, for tests that are not about hashing. */
export const CHEAP_HASHER = new PasswordHasher({ memoryCost: 8, timeCost: 1, parallelism: 1 });

/** Starts the server in this process on any free port, for `use`, and stops it afterwards. It logs nothing. */
export async function withServer<T>(options: ServerOptions, use: (server: JanusServer) => Promise<T>): Promise<T> {
  const server = await createServer({
    hasher: CHEAP_HASHER,
    logStream: { write() {} },
    ...options,
    environment: { PORT: "0", ...options.environment },
  });
  try {
    return await use(server);
  } finally {
    await server.close();
  }
}
