import "reflect-metadata";

import { createDataSource } from "./src/database/data-source.js";
import { RefreshToken } from "./src/sessions/refresh-token.js";
import { User } from "./src/users/user.js";

/** For TypeORM's command line: `npx typeorm migration:show -d build/ormconfig.js`. It allows one export only. */
export const dataSource = createDataSource({
  url: process.env["DATABASE_URL"] ?? "sqlite:.janus/janus.sqlite",
  entities: [RefreshToken, User],
});
