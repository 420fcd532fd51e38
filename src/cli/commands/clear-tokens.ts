import { numericDate } from "../../clock.js";
import type { EndedSessions } from "../../sessions/refresh-token-repository.js";
import type { JwtSettings } from "../../settings/jwt-settings.js";
import type { CommandContext } from "../command-context.js";
import { withTables } from "../open-database.js";
import { Progress } from "../progress.js";

/** Rows after which the progress is told. */
const BATCH = 2_000;

/** `clear-tokens`: deletes the rows of sessions that are over. */
export async function clearTokens(context: CommandContext, { expired = false }): Promise<void> {
  await withTables(context, async ({ refreshTokens, auth }) => {
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

/** The sessions that no refresh would be answered for, by the settings alone. A handler of one's own is not asked. */
export function expiredSessions(settings: JwtSettings, now: Date): EndedSessions {
  const { refreshExpirationDelta, refreshAbsoluteLifetime, reuseRefreshTokens, refreshExpiredHandler } = settings;
  const before = (lifetime: number) => new Date((numericDate(now) - lifetime) * 1000);
  const lifetimes = [
    ...(refreshAbsoluteLifetime === undefined ? [] : [refreshAbsoluteLifetime]),
    ...(reuseRefreshTokens || refreshExpiredHandler ? [] : [refreshExpirationDelta]),
  ];
  return {
    ...(lifetimes.length > 0 && { createdBefore: before(Math.min(...lifetimes)) }),
    ...(reuseRefreshTokens && !refreshExpiredHandler && { lastRotatedBefore: before(refreshExpirationDelta) }),
  };
}
