import { CreateRefreshToken1735689600000 } from "./1735689600000-create-refresh-token.js";
import { CreateUser1735689601000 } from "./1735689601000-create-user.js";

/** All migrations of Janus. TypeORM runs them in the order of the timestamps in their names. */
export const MIGRATIONS = [CreateRefreshToken1735689600000, CreateUser1735689601000] as const;
