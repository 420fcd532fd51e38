import { randomBytes } from "node:crypto";
import { printSchema as toSdl } from "graphql";
import { buildAuthSchema } from "../../graphql/schema.js";
import { readServerConfig } from "../../server/server-config.js";
import { readServerSettings } from "../../server/server-settings.js";
import type { CommandContext } from "../command-context.js";

/** `print-schema`: prints the GraphQL schema that the server has under these settings. Needs no database. */
export async function printSchema({ environment, stdout }: CommandContext): Promise<void> {
  // The schema depends on no key, so one that is not set is neither looked for nor made.
  const { secretKey = randomBytes(64).toString("base64url") } = readServerConfig(environment);
  const settings = await readServerSettings({ environment, secretKey });
  stdout.write(`${toSdl(await buildAuthSchema(settings))}\n`);
}
