import { describeDatabase } from "../../database/data-source.js";
import { migrate } from "../../database/migrate.js";
import type { CommandContext } from "../command-context.js";
import { withApplication } from "../open-database.js";

/** `migrate`: brings the database up to date, and says what that took. */
export async function runMigrate(context: CommandContext): Promise<void> {
  await withApplication(context, async ({ dataSource, config }) => {
    const applied = await migrate(dataSource);
    for (const name of applied) context.stdout.write(`Applied ${name}.\n`);
    const result = applied.length === 0 ? "Nothing to do" : "Done";
    context.stdout.write(`${result}: ${describeDatabase(config.databaseUrl)} is up to date.\n`);
  });
}
