import { createRequire } from "node:module";

import { type Ended, runNode } from "./child-process.js";

const CLI = createRequire(import.meta.url).resolve("typeorm/cli.js");

/**
 * Runs TypeORM's command line, as a developer does after changing an entity.
 *
 * @param dataSource the compiled file with the data source
 * @param databaseUrl in `DATABASE_URL`
 */
export function typeorm(args: readonly string[], dataSource: string, databaseUrl: string): Promise<Ended> {
  return runNode([CLI, ...args, "-d", dataSource], { DATABASE_URL: databaseUrl });
}
