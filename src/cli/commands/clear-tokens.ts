import { expiredSessions } from "../../auth/expired-sessions.js";
import type { CommandContext } from "../command-context.js";
import { withTables } from "../open-database.js";
import { Progress } from "../progress.js";
import { warn } from "../warn.js";

/** Rows after which the progress is told. */
const BATCH = 2_000;

const OWN_HANDLER =
  "refreshExpiredHandler is not asked: only what is older than refreshAbsoluteLifetime counts as expired";

/** `clear-tokens`: deletes the rows of sessions that are over. */
export async function clearTokens(context: CommandContext, { expired = false }): Promise<void> {
  await withTables(context, async ({ refreshTokens, auth }) => {
    if (expired && auth.settings.refreshExpiredHandler) warn(context, OWN_HANDLER);
    const ended = expired ? expiredSessions(auth.settings, context.clock.now()) : {};
    const total = await refreshTokens.countEnded(ended);
    const progress = new Progress(context, (done) => `Deleted ${done} of ${total}`);

    let deleted = 0;
    for (;;) {
      const count = await refreshTokens.deleteEnded(ended, BATCH);
      if (count === 0) break;
      deleted += count;
      progress.report(deleted);
    }
    if (deleted > 0) progress.end();
    context.stdout.write(`Deleted ${deleted} refresh ${deleted === 1 ? "token" : "tokens"}.\n`);
  });
}
