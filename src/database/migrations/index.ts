import { CreateRefreshToken1735689600000 } from "./1735689600000-create-refresh-token.js";
import { CreateUser1735689601000 } from "./1735689601000-create-user.js";

/** The table of sessions, for long-running refresh tokens. */
export const SESSION_MIGRATIONS = [CreateRefreshToken1735689600000] as const;

/** The table of users, for `TypeOrmUsers`; an application with users of its own does not need it. */
export const USER_MIGRATIONS = [CreateUser1735689601000] as const;

/** All migrations of Janus. TypeORM runs them in the order of the timestamps in their names. */
export const MIGRATIONS = [...SESSION_MIGRATIONS, ...USER_MIGRATIONS] as const;
