import { pendingMigrations } from "../database/migrate.js";
import { withDatabase } from "../database/retry.js";
import type { Logger } from "../logger.js";
import { type Application, openApplication } from "../server/application.js";
import type { CommandContext } from "./command-context.js";
import { CommandError } from "./command-error.js";

/** Opens the database as it is, for `work`, and closes it afterwards. */
export async function withApplication<T>(
  context: CommandContext,
  work: (application: Application) => Promise<T>,
): Promise<T> {
  const { environment, clock } = context;
  const application = await openApplication({ environment, clock, logger: warningsOnly(context) });
  try {
    return await work(application);
  } finally {
    await application.close();
  }
}

/**
 * Opens the database for a command that needs its tables.
 *
 * @throws CommandError if they are not up to date
 */
export async function withTables<T>(
  context: CommandContext,
  work: (application: Application) => Promise<T>,
): Promise<T> {
  return withApplication(context, async (application) => {
    const pending = await withDatabase(() => pendingMigrations(application.dataSource), { mayRunTwice: true });
    if (pending.length > 0) throw new CommandError("the database is not up to date: run `janus-auth migrate` first");
    return work(application);
  });
}

/** The log of a command: a person reads it, and has to be told nothing but warnings. */
function warningsOnly({ stderr }: CommandContext): Logger {
  return {
    info() {},
    warn: (_details, message) => void stderr.write(`janus-auth: warning: ${message}\n`),
    error: (_details, message) => void stderr.write(`janus-auth: ${message}\n`),
  };
}
