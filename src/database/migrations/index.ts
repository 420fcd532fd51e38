import { CreateRefreshToken1735689600000 } from "./1735689600000-create-refresh-token.js";
import { CreateUser1735689601000 } from "./1735689601000-create-user.js";
import { CreateLoginAttempt1735689602000 } from "./1735689602000-create-login-attempt.js";
import { ExactUserRights1735689603000 } from "./1735689603000-exact-user-rights.js";

/** The table of sessions, for long-running refresh tokens. */
export const SESSION_MIGRATIONS = [CreateRefreshToken1735689600000] as const;

/** The table of users, for `TypeOrmUsers`; an application with users of its own does not need it. */
export const USER_MIGRATIONS = [CreateUser1735689601000, ExactUserRights1735689603000] as const;

/** The table in which attempts to log in are counted, for the settings `loginLimit…`. */
export const LOGIN_LIMIT_MIGRATIONS = [CreateLoginAttempt1735689602000] as const;

/** All migrations of Janus. TypeORM runs them in the order of the timestamps in their names. */
export const MIGRATIONS = [...SESSION_MIGRATIONS, ...USER_MIGRATIONS, ...LOGIN_LIMIT_MIGRATIONS] as const;
