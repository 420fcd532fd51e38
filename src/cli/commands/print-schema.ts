import { printSchema as toSdl } from "graphql";
import { buildAuthSchema } from "../../graphql/schema.js";
import type { CommandContext } from "../command-context.js";
import { readSettings } from "../read-settings.js";

/** `print-schema`: prints the GraphQL schema that the server has under these settings. Needs no database. */
export async function printSchema(context: CommandContext): Promise<void> {
  const { settings } = await readSettings(context);
  context.stdout.write(`${toSdl(await buildAuthSchema(settings))}\n`);
}
