import { clearSessions } from "../../auth/clear-sessions.js";
import { expiredSessions } from "../../auth/expired-sessions.js";
import type { CommandContext } from "../command-context.js";
import { withTables } from "../open-database.js";
import { Progress } from "../progress.js";
import { warn } from "../warn.js";

const OWN_HANDLER =
  "refreshExpiredHandler is not asked: only what is older than refreshAbsoluteLifetime counts as expired";

/** `clear-tokens`: deletes the rows of sessions that are over. */
export async function clearTokens(context: CommandContext, { expired = false }): Promise<void> {
  await withTables(context, async ({ refreshTokens, auth }) => {
    if (expired && auth.settings.refreshExpiredHandler) warn(context, OWN_HANDLER);
    const ended = expired ? expiredSessions(auth.settings, context.clock.now()) : {};
    const total = await refreshTokens.countEnded(ended);
    const progress = new Progress(context, (done) => `Deleted ${done} of ${total}`);
    const report = (deleted: number) => progress.report(deleted);
    const deleted = await clearSessions(refreshTokens, ended, { report });
    if (deleted > 0) progress.end();
    context.stdout.write(`Deleted ${deleted} refresh ${deleted === 1 ? "token" : "tokens"}.\n`);
  });
}
