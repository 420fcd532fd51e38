import { randomBytes } from "node:crypto";
import { readServerConfig } from "../server/server-config.js";
import { readServerSettings } from "../server/server-settings.js";
import type { ResolvedSettings } from "../settings/create-settings.js";
import type { CommandContext } from "./command-context.js";

/**
 * The settings that the server has in this environment. The secret key that it may keep is neither looked for nor made:
 * another one stands in for it.
 *
 * @throws SettingsError with everything that is wrong with them
 */
export function readSettings({ environment }: Pick<CommandContext, "environment">): Promise<ResolvedSettings> {
  const { secretKey = randomBytes(64).toString("base64url") } = readServerConfig(environment);
  return readServerSettings({ environment, secretKey });
}
