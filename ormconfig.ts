import "reflect-metadata";

import { createDataSource } from "./src/database/data-source.js";
import { DEFAULT_DATABASE_URL } from "./src/database/database-url.js";
import { LoginAttempt } from "./src/limits/login-attempt.js";
import { RefreshToken } from "./src/sessions/refresh-token.js";
import { User } from "./src/users/user.js";

/** For TypeORM's command line: `npx typeorm migration:show -d build/ormconfig.js`. It allows one export only. */
export const dataSource = createDataSource({
  url: process.env["DATABASE_URL"] || DEFAULT_DATABASE_URL,
  entities: [RefreshToken, User, LoginAttempt],
});
